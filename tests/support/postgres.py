"""A PostgreSQL server of its own, where the machine has PostgreSQL's programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
            *(Path(found).parent for found in [shutil.which("initdb")] if found)]


class Server:
    """A server of its own in a new folder, reached through a socket in it."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="pg-"))
        # It refuses to run as root.
        self._who = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self._who:
            shutil.chown(self.place, "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync")

    def _run(self, program: str, *options: str) -> None:
        subprocess.run([PROGRAMS[0] / program, "-D", self.place / "data", *options], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.place,
                       timeout=120, **self._who)

    def start(self) -> None:
        self._run("pg_ctl", "--wait", "--log", str(self.place / "log"), "--options",
                  f"-k {self.place} -c listen_addresses=", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.place}"

    def new(self, name: str) -> str:
        """Make a database; its address."""
        self._run_sql(f"create database {name}")
        return self.url(name)

    def _run_sql(self, statement: str) -> None:
        subprocess.run([PROGRAMS[0] / "psql", "--host", self.place, "--username=postgres",
                        "--quiet", "--command", statement], check=True, timeout=60)


@contextmanager
def running() -> Iterator[Server]:
    """Start a server; its folder is removed at the end."""
    server = Server()
    try:
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(server.place)
