"""How a figure stands in a notebook's output: one image for each of its panels.

Figures are drawn on white paper. A dark page shows them inverted, with their hues turned back, so
that the paper becomes nearly black and orange stays orange; a page that knows no styles, such as
GitHub, shows the white paper. A figure with a photograph is never inverted: it would be a negative.
Of a stored output only what is written here is read back.
"""

import re
from collections.abc import Sequence
from html import escape, unescape

# The attributes by which JupyterLab, VS Code and Jupyter Book say that their page is dark.
THEME = ("<style>:is([data-jp-theme-light=false],.vscode-dark,[data-theme=dark]) .nn-figure"
         "{filter:invert(.933) hue-rotate(180deg)}</style>")
# hue-rotate(180deg) as a matrix on red, green, blue: twice the gray of a color, minus the color
# (Filter Effects Module Level 1, feColorMatrix with type hueRotate).
_GRAY = (0.213, 0.715, 0.072)

# JupyterLab's message about a widget whose kernel is gone, in the output before the picture.
_INSTEAD = ("<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .nn-still) > "
            ".lm-Panel:not(:has(*)){display:none}</style>")

_IMAGE = re.compile('<img alt="([^"<>]*)" class="nn-(?:figure|photo)" '
                    'style="max-width:100%" width="[0-9]{1,5}" '
                    'src="data:image/png;base64,([A-Za-z0-9+/=]*)">')
_PANELS = re.compile('<div class="nn-panels" style="max-width:[0-9]{1,5}px">'
                     f"((?:{_IMAGE.pattern})+)</div>{re.escape(THEME)}")
_ALONE = re.compile(_IMAGE.pattern + re.escape(THEME))
_STILL = re.compile(f'<div class="nn-still nn-still-[0-9a-f]{{1,64}}">(.*)</div>'
                    f"{re.escape(_INSTEAD)}", re.DOTALL)


def html(images: Sequence[tuple[int, str]], alt: str, photo: bool = False,
         columns: int = 0) -> str:
    """Images side by side, one below the other where there is no room for that.

    images: for each its width in CSS pixels, and a PNG in Base64. The first one has the alt text:
    a screen reader reads it once. photo: keep white paper on a dark page. columns: how many stand
    side by side at most; 0 for all.
    """
    kind = "photo" if photo else "figure"
    made = "".join(
        f'<img alt="{escape(alt, quote=True) if place == 0 else ""}" class="nn-{kind}" '
        f'style="max-width:100%" width="{width}" src="data:image/png;base64,{png}">'
        for place, (width, png) in enumerate(images))
    if len(images) > 1:
        total = sum(width for width, _ in images[:columns or None])
        made = f'<div class="nn-panels" style="max-width:{total}px">{made}</div>'
    return made


def themed(html: str) -> str:
    """A figure as it is displayed: it follows the page's theme. Nothing stays nothing."""
    return html + THEME if html else ""


def still(html: str, name: str) -> str:
    """What stands in for an explorer in a saved notebook. name: hexadecimal digits.

    The explorer hides elements of the class `nn-still-NAME` while it is alive.
    """
    return f'<div class="nn-still nn-still-{name}">{themed(html)}</div>{_INSTEAD}'


def is_figure(text: str) -> bool:
    """Is this a figure as it is displayed, alone or as an explorer's `still`, and nothing else?"""
    if found := _STILL.fullmatch(text):
        text = found[1]
    return bool(_ALONE.fullmatch(text) or _PANELS.fullmatch(text))


def images(text: str) -> list[tuple[str, str]]:
    """Each image of a figure: a PNG in Base64 and its alt text; none where it is no figure."""
    return [(found[2], unescape(found[1])) for found in _IMAGE.finditer(text)
            ] if is_figure(text) else []


def inverted(color: str) -> str:
    """What THEME makes of a color "#rrggbb" on a dark page."""
    parts = [int(color[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    turned = [0.933 - 0.866 * part for part in parts]
    gray = sum(share * part for share, part in zip(_GRAY, turned, strict=True))
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, 2 * gray - part))):02x}"
                         for part in turned)
