"""Numbers as a person writes them, with a true minus sign."""


def fixed(value: float, digits: int = 2) -> str:
    """A number with so many decimals, and without a minus sign where it rounds to zero."""
    written = f"{value:.{digits}f}"
    return written.lstrip("-") if float(written) == 0 else written.replace("-", "\N{MINUS SIGN}")


def three_digits(value: float) -> str:
    """Three significant digits; from a thousand to a million, a whole number."""
    whole = 1000 <= abs(value) < 1e6
    return (f"{value:.0f}" if whole else f"{value:.3g}").replace("-", "\N{MINUS SIGN}")
