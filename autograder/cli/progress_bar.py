"""A line that says how far a run is and how long it will still take."""

WIDTH = 30  # letters of the bar


def line(done: int, total: int, seconds: float) -> str:
    """Tell that `done` of `total` took `seconds`; the rest is taken to need as long, each."""
    full = WIDTH * done // total
    left = f"{clock(seconds / done * (total - done))} left" if done else "starting"
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {done} of {total}, {left}"


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
