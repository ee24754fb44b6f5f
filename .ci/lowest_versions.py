"""Print the oldest versions that requirements.txt allows, as requirements of their own."""

import re
from pathlib import Path

LINE = re.compile(r"(?P<name>[\w.\[\]-]+)>=(?P<version>[\w.]+),<[\w.]+")


def main() -> None:
    """Raises ValueError for a line without a lower bound."""
    path = Path(__file__).resolve().parents[1] / "requirements.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        requirement = line.partition("#")[0].strip()
        if not requirement:
            continue
        if not (match := LINE.fullmatch(requirement)):
            raise ValueError(f"{path.name}: {line} has no lower bound with a cap")
        print(f"{match['name']}=={match['version']}")


if __name__ == "__main__":
    main()
