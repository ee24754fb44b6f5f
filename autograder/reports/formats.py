"""Numbers and times as the reports write them. Pure."""

from datetime import datetime


def percent(share: float) -> str:
    """A share of 1, in whole percent."""
    return f"{share:.0%}"


def decimal(value: float | None) -> str:
    """A number with two decimals; a dash where it is not defined."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def between(interval: tuple[float, float] | None) -> str:
    """An interval's ends with two decimals; a dash where it is not defined."""
    return "–" if interval is None else f"{decimal(interval[0])} to {decimal(interval[1])}"


def minute(time: datetime | None) -> str:
    """A time to the minute; a dash where there is none."""
    return f"{time:%Y-%m-%d %H:%M}" if time else "–"
