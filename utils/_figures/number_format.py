"""Numbers as a person writes them, with a true minus sign and true exponents."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def fixed(value: float, digits: int = 2) -> str:
    """A number with so many decimals, and without a minus sign where it rounds to zero."""
    written = f"{value:.{digits}f}"
    return written.lstrip("-") if float(written) == 0 else written.replace("-", "\N{MINUS SIGN}")


def three_digits(value: float) -> str:
    """Three significant digits; from a thousand to a million, a whole number."""
    return significant(value, 3)


def significant(value: float, digits: int) -> str:
    """So many significant digits: 0.012, 1.4·10⁻⁶, 10⁻⁹; up to a million, whole numbers."""
    whole = 10 ** digits <= abs(value) < 1e6
    written = f"{abs(value):.0f}" if whole else f"{abs(value):.{digits}g}"
    factor, _, exponent = written.partition("e")
    if exponent:
        factor = ("" if factor == "1" else f"{factor}·") + f"10{raised(int(exponent))}"
    return f"\N{MINUS SIGN}{factor}" if value < 0 else factor


def raised(exponent: int) -> str:
    """A whole number as an exponent."""
    return str(exponent).translate(_RAISED)
