"""Several users of one machine, who exist only while a test runs and only for what it runs.

Each command starts in a mount namespace of its own, in which /etc/passwd has these users and the
Python that runs the tests can be reached by everybody. Nothing of the machine is changed.
"""

import grp
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("mount", "setpriv", "unshare")
# Where a machine can't make users, as for a developer who isn't root, the tests say that they were
# skipped; where the project is checked, they fail instead.
REASON = "" if os.geteuid() == 0 and all(map(shutil.which, PROGRAMS)) and subprocess.run(
    ["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0 else (
    f"needs root that may mount, and the programs {', '.join(PROGRAMS)}: it makes users")
SKIP = bool(REASON) and not os.environ.get("CI")


class Machine:
    """Users by name, each with a home folder that nobody else can look into.

    place: a folder that everybody can reach, with `home` and whatever a test puts there.
    """

    def __init__(self, place: Path, names: tuple[str, ...]) -> None:
        assert not REASON, REASON
        self.place = place
        self._ids = {name: 61000 + k for k, name in enumerate(names)}
        for file, taken, line in (
                ("passwd", pwd.getpwall(), "{name}:x:{id}:{id}::{home}:/bin/sh"),
                ("group", grp.getgrall(), "{name}:x:{id}:")):
            assert not {one[0] for one in taken} & set(names)
            own = [line.format(name=name, id=number, home=self.home(name))
                   for name, number in self._ids.items()]
            (place / file).write_text(Path("/etc", file).read_text() + "\n".join([*own, ""]))
        for name in names:
            self.home(name).mkdir(parents=True, mode=0o700)
            self.give(self.home(name), name)
        self._before = self._script()

    def home(self, name: str) -> Path:
        """A user's home folder."""
        return self.place / "home" / name

    def give(self, path: Path, name: str) -> None:
        """Let a file or a folder with all that is in it belong to a user."""
        for one in (path, *path.rglob("*")):
            os.chown(one, self._ids[name], self._ids[name], follow_symlinks=False)

    def command(self, name: str, *words: object) -> list[str]:
        """What runs these words as a user."""
        number = str(self._ids[name])
        return ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c",
                f'{self._before}exec setpriv --reuid={number} --regid={number} --clear-groups '
                '--inh-caps=-all --bounding-set=-all -- "$@"', "sh", *map(str, words)]

    def environment(self, name: str, **more: object) -> dict[str, str]:
        """What a user's shell would have, and more."""
        return {"HOME": str(self.home(name)), "USER": name, "LANG": "C.UTF-8",
                "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
                **{key: str(value) for key, value in more.items()}}

    def run(self, name: str, *words: object, cwd: Path, said: str = "",
            **more: object) -> subprocess.CompletedProcess[str]:
        """Run something as a user, who types what is `said`; more: of the environment."""
        return subprocess.run(
            self.command(name, *words), cwd=cwd, env=self.environment(name, **more), input=said,
            capture_output=True, text=True, timeout=300, check=False)

    def _script(self) -> str:
        lines = [f"mount --bind {self.place / file} /etc/{file}" for file in ("passwd", "group")]
        needed = {Path(place).resolve() for place in (
            sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"))}
        # A Python in root's own folder: the folder is replaced by one that shows only the Python.
        closed = dict[Path, list[Path]]()
        for path in sorted(needed):
            for folder in reversed(path.parents):
                if not folder.stat().st_mode & 0o001:
                    closed.setdefault(folder, []).append(path)
                    break
        for folder, paths in closed.items():
            kept = {path: self.place / f"python{len(lines)}-{k}" for k, path in enumerate(paths)}
            for path, aside in kept.items():
                aside.mkdir(exist_ok=True)
                lines.append(f"mount --bind {shlex.quote(str(path))} {aside}")
            lines.append(f"mount -t tmpfs -o mode=755 tmpfs {folder}")
            for path, aside in kept.items():
                lines += [f"mkdir -p {shlex.quote(str(path))}",
                          f"mount --bind {aside} {shlex.quote(str(path))}"]
        return "".join(f"{line} || exit 99\n" for line in lines)


@contextmanager
def machine(*names: str) -> Iterator[Machine]:
    """A machine with these users; its folder is removed at the end."""
    place = Path(tempfile.mkdtemp(prefix="machine-"))
    place.chmod(0o755)
    try:
        yield Machine(place, names)
    finally:
        shutil.rmtree(place)
