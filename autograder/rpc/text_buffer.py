"""A text stream that keeps the beginning of what is written to it and drops the rest."""

import io


class Bounded(io.TextIOBase):
    """Keeps at most `limit` characters, cut while they are written, and says when it cut."""

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._left = limit
        self._cut = False

    def writable(self) -> bool:
        """A stream to write to."""
        return True

    def write(self, text: str) -> int:
        """Keep what still fits."""
        if self._left > 0 and text:
            self._parts.append(text[: self._left])
        self._cut = self._cut or len(text) > self._left
        self._left = max(self._left - len(text), 0)
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return "".join(self._parts) + ("\n[cut: there was more]" if self._cut else "")
