import base64
import io
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.colors import same_color, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from utils import data, plots
from utils._figures import markup
from utils._figures.panels import panel_boxes
from utils._figures.picture import HEAT, INK, NEGATIVE, POSITIVE, Picture

X = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
Y = np.array([0, 1, 2, 0])


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture
def shown():
    """Runs a block of a cell, and returns what it displayed."""
    InteractiveShell.instance()

    def run(block):
        with capture_output() as captured:
            block()
        assert captured.stderr == ""
        return [output.data for output in captured.outputs]

    yield run
    InteractiveShell.clear_instance()


def pixels(html):
    encoded = re.search(r'base64,([^"]+)"', html).group(1)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA"))


def overlap(one, two):
    return one.x0 < two.x1 and two.x0 < one.x1 and one.y0 < two.y1 and two.y0 < one.y1


def title_box(ax):
    text = ax.get_title("left")
    title, = ax.findobj(lambda artist: isinstance(artist, Text) and artist.get_text() == text)
    return title.get_window_extent()


def edges(ax):
    """The outlines of regions."""
    return [drawn for drawn in ax.collections if drawn.get_edgecolor().size
            and same_color(drawn.get_edgecolor()[0][:3], plots.LINE)]


# The figure

def test_a_figure_is_one_image_with_its_alt_text(shown):
    def cell():
        with plots.figure('Loss <falls> & "stays"', size=(5, 3)) as ax:
            plots.loss([3, 2, 1], title="It falls", ax=ax)

    output, = shown(cell)
    html = output["text/html"]
    assert markup.is_figure(html)
    assert html.count("<img") == 1
    assert 'alt="Loss &lt;falls&gt; &amp; &quot;stays&quot;"' in html
    assert "max-width:100%" in html
    assert 'width="500"' in html
    assert output["text/plain"] == '[figure: Loss <falls> & "stays"]'
    image = pixels(html)
    assert image.shape == (600, 1000, 4)  # two device pixels for each CSS pixel
    assert (image == 255).all(axis=2).mean() > 0.8  # white paper
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_an_alt_text_is_required(alt):
    with pytest.raises(ValueError, match="alt text"), plots.figure(alt):
        pass


@pytest.mark.parametrize(("columns", "rows", "count"), [(1, 1, 1), (2, 1, 2), (3, 1, 3), (2, 2, 4)])
def test_several_axes_come_as_a_tuple_row_by_row(shown, columns, rows, count):
    got = []

    def cell():
        with plots.figure("Empty.", columns=columns, rows=rows) as axes:
            got.append(axes)

    shown(cell)
    axes = got[0] if count > 1 else (got[0],)
    assert isinstance(axes, tuple)
    assert len(axes) == count
    places = [(-a.get_subplotspec().rowspan.start, a.get_subplotspec().colspan.start) for a in axes]
    assert places == sorted(places, key=lambda place: (-place[0], place[1]))


def test_a_blank_stub_leaves_a_note_in_place_of_the_figure(shown):
    def predict(X):
        raise NotImplementedError

    def cell():
        with plots.figure("Regions.") as ax:
            plots.decision_boundary(predict, X, Y, title="t", xlabel="a", ylabel="b", ax=ax)

    note, = shown(cell)
    assert "predict" in note["text/html"]
    assert "<img" not in note["text/html"]


def test_other_errors_come_through_and_leave_nothing_behind(shown):
    before = dict(matplotlib.rcParams)

    def cell():
        with pytest.raises(ZeroDivisionError), plots.figure("Nothing.") as ax:
            ax.plot([0, 1 / 0])

    assert shown(cell) == []
    assert dict(matplotlib.rcParams) == before
    assert plt.get_fignums() == []


def test_the_style_is_the_figures_alone(shown):
    before = dict(matplotlib.rcParams)
    inside = []

    def cell():
        with plots.figure("Empty.") as ax:
            inside.append(ax.set_title("A message").get_color())

    shown(cell)
    assert inside == [INK]
    assert dict(matplotlib.rcParams) == before


def contrast(one, two):
    """WCAG 2.1's contrast ratio of two colors."""
    def luminance(color):
        c = np.array(to_rgb(color))
        linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def on_dark(color):
    """What a figure's color becomes on a dark page, by the definitions of the two CSS filters
    (Filter Effects Module Level 1: invert interpolates from 1 - a to a, hueRotate is a matrix).
    """
    cosine, sine = -1.0, 0.0  # of 180 degrees
    gray = np.tile([0.213, 0.715, 0.072], (3, 1))
    turn = np.array([[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]])
    tilt = np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])
    inverted = np.array(to_rgb(color)) * (1 - 2 * 0.933) + 0.933
    return np.clip((gray + cosine * turn + sine * tilt) @ inverted, 0, 1)


MARKS = {*plots.SERIES_COLORS, *plots.CLASS_COLORS, plots.LINE, plots.WRONG, NEGATIVE, POSITIVE}


@pytest.mark.parametrize("color", sorted(MARKS))
def test_marks_stand_out_in_figures_and_explorers_light_and_dark(color):
    assert contrast(color, "white") >= 3  # figures and explorers on a light page
    assert contrast(on_dark(color), on_dark("white")) >= 3  # figures on a dark one
    if color != INK:  # explorers have the page's own ink
        assert contrast(color, "#111111") >= 3  # they draw with the colors as they are


def test_text_stands_out_light_and_dark():
    assert contrast(INK, "white") >= 4.5
    assert contrast(on_dark(INK), on_dark("white")) >= 4.5
    assert to_hex(on_dark("white")) == "#111111"  # JupyterLab's page


@pytest.mark.parametrize("color", [*sorted(MARKS), "#ffffff", *map(to_hex, HEAT(range(0, 256, 9)))])
def test_the_explorers_heat_maps_know_what_is_shown_on_a_dark_page(color):
    got, expected = to_rgb(markup.inverted(color)), on_dark(color)
    np.testing.assert_allclose(got, expected, atol=0.51 / 255)


@pytest.mark.parametrize("value", [*np.linspace(-1, 1, 81), np.nan])
def test_numbers_in_heat_maps_stand_out_light_and_dark(ax, value):
    plots.heat_map([[value, 1.0, -1.0]], title="t", xlabel="a", ylabel="b", ax=ax)
    text, cell = ax.texts[0], color_at(ax, value)[:3]
    for seen in (to_rgb, on_dark):
        around = [cell, *(effect._gc["foreground"] for effect in text.get_path_effects())]
        assert max(contrast(seen(text.get_color()), seen(one)) for one in around) >= 4.5


def ink_of(html):
    """The colors of rendered text: the darkest pixels of a picture on white."""
    image = pixels(html)[..., :3].reshape(-1, 3) / 255
    return image[image.sum(axis=1).argmin()]


@pytest.mark.parametrize("draw", ["title", "legend", "chain"])
def test_rendered_text_is_as_dark_as_its_color_says(draw):
    picture = Picture("Text.", size=(8, 3.4))
    with picture as ax:
        if draw == "chain":
            plots.unit_graph(x=1.0, w=0.5, b=0.2, y=1.0, ax=ax)
        else:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            if draw == "title":
                ax.set_title("A message that is long enough")
            else:
                ax.plot([0, 1], [0, 1], color="white", label="a name in the legend")
    ink = ink_of(picture.html)
    assert contrast(ink, "white") >= 4.5
    assert contrast(on_dark(ink), on_dark("white")) >= 4.5


@pytest.mark.parametrize(("columns", "rows"), [(2, 1), (3, 1), (2, 2), (1, 2)])
def test_panels_are_images_of_their_own_and_nothing_is_lost_between_them(columns, rows):
    picture = Picture("Some panels.", columns=columns, rows=rows)
    with picture as axes:
        for k, ax in enumerate(axes):
            DRAWINGS["curves" if k % 2 else "points"](ax)
    whole = np.asarray(picture._figure.canvas.buffer_rgba())[..., :3]
    shown = markup.images(markup.themed(picture.html))
    assert [alt for _, alt in shown] == ["Some panels.", *[""] * (columns * rows - 1)]
    parts = [pixels(f'base64,{encoded}"')[..., :3] for encoded, _ in shown]
    joined = np.concatenate([np.concatenate(parts[row * columns:(row + 1) * columns], axis=1)
                             for row in range(rows)])
    np.testing.assert_array_equal(joined, whole)
    widths = [int(w) for w in re.findall(r' width="(\d+)"', picture.html)]
    assert [2 * width for width in widths] == [part.shape[1] for part in parts]


def test_panels_that_reach_into_each_other_stay_one_image():
    figure = Figure(figsize=(8, 4))
    axes = figure.subplots(1, 2)
    assert len(panel_boxes(figure, list(axes), (800, 400))) == 2
    axes[0].set_title("A title that reaches far into the other panel's place" * 2)
    assert panel_boxes(figure, list(axes), (800, 400)) == [(0, 0, 800, 400)]


def test_a_color_bar_belongs_to_the_panel_beside_it():
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots(1, 2)
    figure.colorbar(axes[0].imshow(X), ax=axes[0])
    figure.draw_without_rendering()
    (_, _, cut, _), _ = panel_boxes(figure, list(axes), (800, 400))
    assert figure.axes[2].get_tightbbox().x1 <= cut <= axes[1].get_tightbbox().x0


def test_long_titles_are_broken_and_stay_inside():
    picture = Picture("Two panels.", columns=2)
    with picture as axes:
        for ax in axes:
            ax.set_title("A message that needs more room than there is above one of two panels")
    figure = axes[0].figure
    left, right = (title_box(ax) for ax in axes)
    assert "\n" in axes[0].get_title("left")
    assert not overlap(left, right)
    assert right.x1 <= figure.bbox.x1


def test_the_legend_stands_between_axes_and_title():
    picture = Picture("Points.", columns=3)
    with picture as axes:
        for ax in axes:
            plots.points(X, Y, names=("a", "b"), labels=("first class", "second class", "third"),
                         mistakes=[True, False, False, True], ax=ax)
            plots.line([1, 1], -2, label="a boundary", ax=ax)
            ax.set_title("Four points")
    for ax in axes:
        legend = ax.get_legend()
        assert [text.get_text() for text in legend.get_texts()] == [
            "first class", "second class", "third", "2 mistakes", "a boundary"]
        box = legend.get_window_extent()
        assert box.y0 >= ax.get_window_extent().y1
        assert title_box(ax).y0 >= box.y1
        assert box.x1 <= ax.get_window_extent().x1 + 1


DRAWINGS = {
    "points": lambda ax: plots.points(X, Y, names=("x1", "x2"), labels=("a", "b", "c"),
                                      mistakes=Y == 1, ax=ax),
    "line": lambda ax: plots.line([1, 2], -1, ax=ax),
    "decision_boundary": lambda ax: plots.decision_boundary(
        lambda grid: grid[:, 0] > 1, X, Y, title="t", xlabel="a", ylabel="b", ax=ax),
    "hidden_space": lambda ax: plots.hidden_space(X, Y, title="t", w=[1, 1], b=-1, ax=ax),
    "curves": lambda ax: plots.curves(
        np.arange(5), {f"a label of {k}": np.arange(5) * k / 9 for k in range(9)}, title="t",
        xlabel="a", ylabel="b", ax=ax),
    "loss": lambda ax: plots.loss([3, 2, 1, np.nan], title="t", ax=ax),
    "small heat map": lambda ax: plots.heat_map(X - 1, title="t", xlabel="a", ylabel="b", ax=ax),
    "large heat map": lambda ax: plots.heat_map(np.random.default_rng(0).normal(size=(20, 30)),
                                                title="t", xlabel="a", ylabel="b", ax=ax),
    "network": lambda ax: plots.network(
        [2, 12, 1], title="t", labels=[["petal length (cm)", "x2"], (), ["is it one?"]], ax=ax),
    "tape": lambda ax: plots.tape("u = a*b; v = u + c; L = u*v", {"a": 2, "b": 1, "c": 1}, ax=ax),
}


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
@pytest.mark.filterwarnings("error")
def test_a_drawing_returns_its_axes_and_is_cut_off_nowhere(draw, columns, caplog):
    picture = Picture("Some drawing.", columns=columns)
    with picture as axes:
        for ax in axes if columns > 1 else (axes,):
            assert draw(ax) is ax
    for encoded, _ in markup.images(markup.themed(picture.html)):
        ink = 255 - pixels(f'base64,{encoded}"')[..., :3].min(axis=2)
        assert ink.max() > 150
        assert max(ink[0].max(), ink[-1].max(), ink[:, 0].max(), ink[:, -1].max()) == 0
    assert caplog.text == ""  # matplotlib's own log lands on a student's page


def test_a_tape_shows_values_and_gradients(ax):
    plots.tape("u = a*b; L = u + 3", {"a": 2.0, "b": -1.5}, ax=ax)
    assert {text.get_text() for text in ax.texts} == {
        "a", "2", "da −1.5", "b", "−1.5", "db 2", "u = a·b",
        "−3", "du 1", "3", "d3 1", "L = u + 3", "0", "dL 1"}


# Points, lines, regions

def test_points_keep_color_and_shape_of_their_class(ax):
    plots.points(X, Y, names=("long", "wide"), labels=("a", "b", "c"), ax=ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("long", "wide")
    shapes = set()
    for k, dots in enumerate(ax.collections):
        np.testing.assert_array_equal(dots.get_offsets(), X[k == Y])
        assert same_color(dots.get_facecolor()[0][:3], plots.CLASS_COLORS[k])
        shapes.add(len(dots.get_paths()[0].vertices))
    assert len(shapes) == 3


def test_an_absent_class_does_not_shift_the_colors(ax):
    plots.points(X[:2], [2, 2], names=("a", "b"), labels=("0", "1", "2"), ax=ax)
    dots, = ax.collections
    assert same_color(dots.get_facecolor()[0][:3], plots.CLASS_COLORS[2])
    assert dots.get_label() == "2"


def test_mistakes_are_ringed(ax):
    plots.points(X, Y, names=("a", "b"), labels="abc", mistakes=[False, True, False, True], ax=ax)
    rings = ax.collections[-1]
    np.testing.assert_array_equal(rings.get_offsets(), X[[1, 3]])
    assert same_color(rings.get_edgecolor()[0], plots.WRONG)
    assert not len(rings.get_facecolor())
    assert rings.get_label() == "2 mistakes"


def test_no_mistake_needs_no_ring(ax):
    plots.points(X, Y, names=("a", "b"), labels="abc", mistakes=np.zeros(4, bool), ax=ax)
    assert len(ax.collections) == 3


@pytest.mark.parametrize("y", [[0, 1, 2], [0, 1, 2, 3], [0.5, 1, 1, 1], [[0], [1], [2], [0]]])
def test_points_refuse_labels_that_they_have_no_color_for(ax, y):
    with pytest.raises(ValueError, match="0, 1 or 2"):
        plots.points(X, y, names=("a", "b"), labels="abc", ax=ax)


@pytest.mark.parametrize("draw", [
    lambda X, ax: plots.points(X, Y, names="ab", labels="abc", ax=ax),
    lambda X, ax: plots.hidden_space(X, Y, title="t", ax=ax),
    lambda X, ax: plots.decision_boundary(len, X, Y, title="t", xlabel="", ylabel="", ax=ax)])
def test_a_plane_has_two_columns(ax, draw):
    with pytest.raises(ValueError, match=r"two columns, got shape \(4, 3\)"):
        draw(np.ones((4, 3)), ax)


@pytest.mark.parametrize(("w", "b"), [([1, 2], -3), ([0, 2], -3), ([2, 0], 1), ([-1, 1], 0)])
def test_a_line_runs_where_the_score_is_0(ax, w, b):
    plots.points(X, Y, names=("a", "b"), labels="abc", ax=ax)
    before = ax.get_xlim(), ax.get_ylim()
    plots.line(np.array(w), b, ax=ax)
    ax.figure.draw_without_rendering()
    drawn = ax.lines[0]
    ends = drawn.get_transform().transform([[0, 0], [1, 1]])  # in pixels
    ends = ax.transData.inverted().transform(ends)
    assert not np.allclose(*ends)
    np.testing.assert_allclose(ends @ w + b, 0, atol=1e-9)
    assert (ax.get_xlim(), ax.get_ylim()) == before


def test_w_0_has_no_line(ax):
    plots.line([0.0, 0.0], 1.0, ax=ax)
    assert not ax.lines
    with pytest.raises(ValueError, match="2 numbers"):
        plots.line([1.0], 1.0, ax=ax)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_regions_come_from_one_call_of_predict(ax, shape):
    calls = []

    def predict(grid):
        calls.append(grid)
        return (grid[:, 0] > 1).astype(float).reshape(shape)

    plots.decision_boundary(predict, X, np.array([0, 1, 1, 1]), title="A step", xlabel="a",
                            ylabel="b", labels=("no", "yes"), ax=ax)
    grid, = calls
    assert grid.shape == (22500, 2)
    assert grid.dtype == np.float64
    assert (grid.min(axis=0) < X.min(axis=0)).all()
    assert (grid.max(axis=0) > X.max(axis=0)).all()
    for edge in edges(ax):
        np.testing.assert_allclose(edge.get_paths()[0].vertices[:, 0], 1, atol=0.02)
    assert edges(ax)
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("A step", "a", "b")


def test_one_region_alone_has_no_edge(ax):
    plots.decision_boundary(lambda grid: np.ones(len(grid)), X, Y, title="t", xlabel="a",
                            ylabel="b", ax=ax)
    assert not edges(ax)


def test_predict_must_label_every_row(ax):
    with pytest.raises(ValueError, match=r"one label for each row.*shape \(2,\)"):
        plots.decision_boundary(lambda grid: [0, 1], X, Y, title="t", xlabel="a", ylabel="b", ax=ax)


def test_hidden_space_counts_what_falls_on_one_point(ax):
    corners = data.gate("XOR")
    plots.hidden_space([[0, 1], [1, 1], [1, 1], [1, 0]], corners.y, title="Folded", w=[1, 1],
                       b=-1.5, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["2 points"]
    assert tuple(ax.texts[0].xy) == (1, 1)
    assert len(ax.lines) == 1
    assert ax.get_title() == "Folded"


# Curves

def test_curves_are_named_at_their_right_ends():
    x = np.linspace(5, 0, 20)  # downward
    picture = Picture("Three curves.")
    with picture as ax:
        plots.curves(x, {"one": x, "two": x + 0.01, "three": np.where(x > 4, np.nan, -x)},
                     title="t", xlabel="a", ylabel="b", ax=ax)
    ends = {text.get_text(): tuple(text.xy) for text in ax.texts}
    assert ends["one"] == (5, 5)
    assert ends["three"][0] == pytest.approx(x[x <= 4].max())
    boxes = [Text.get_window_extent(text) for text in ax.texts]
    assert not any(overlap(boxes[i], boxes[j]) for i in range(3) for j in range(i))
    heights = {text.get_text(): box.y0 for text, box in zip(ax.texts, boxes, strict=True)}
    assert heights["two"] > heights["one"] > heights["three"]


def test_curves_differ_in_color_or_dash_and_keep_given_colors(ax):
    names = [f"{k}" for k in range(12)]
    plots.curves([0, 1], {name: [0, 1] for name in names}, title="t", xlabel="a",
                 ylabel="b", colors={"3": plots.WRONG}, ax=ax)
    lines = [line for line in ax.lines if line.get_marker() == "None"]
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 12
    assert [k for k, line in enumerate(lines) if line.get_color() == plots.WRONG] == [3]


@pytest.mark.parametrize(("log", "scales"), [
    (False, ("linear", "linear")), (True, ("linear", "log")), ("x", ("log", "linear")),
    ("xy", ("log", "log"))])
def test_log_says_which_axis_is_logarithmic(ax, log, scales):
    plots.curves([1, 10], {"": [1, 10]}, title="t", xlabel="a", ylabel="b", log=log, ax=ax)
    assert (ax.get_xscale(), ax.get_yscale()) == scales
    assert not ax.texts


def test_a_curve_of_another_length_is_named(ax):
    with pytest.raises(ValueError, match=r"'up' has shape \(3,\), x has \(2,\)"):
        plots.curves([0, 1], {"up": [0, 1, 2]}, title="t", xlabel="a", ylabel="b", ax=ax)


def test_loss_counts_epochs_from_0_and_writes_the_last(ax):
    plots.loss([4, 2, 1.23456], title="Down", ax=ax)
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 4], [1, 2], [2, 1.23456]])
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("Down", "epoch", "mean loss")
    assert [text.get_text() for text in ax.texts] == ["1.23"]


def test_loss_says_from_when_it_is_not_finite(ax):
    plots.loss([4, 2, np.inf, np.nan], title="Up", ax=ax)
    assert "not finite\nfrom epoch 2" in ax.texts[0].get_text()


@pytest.mark.parametrize("losses", [[], [[1.0, 2.0]], 1.0])
def test_loss_wants_one_number_for_each_epoch(ax, losses):
    with pytest.raises(ValueError, match="one number for each epoch"):
        plots.loss(losses, title="t", ax=ax)


# Matrices and networks

def color_at(ax, value):
    image = ax.images[0]
    return image.cmap(image.norm(value))


def test_a_signed_heat_map_is_centered_at_0(ax):
    plots.heat_map([[-1.0, 0.0, 4.0]], title="t", xlabel="a", ylabel="b", ax=ax)
    assert ax.images[0].get_clim() == (-4, 4)
    assert min(color_at(ax, 0)) > 0.9
    assert color_at(ax, 3)[2] > color_at(ax, 3)[0]  # bluish
    assert color_at(ax, -3)[0] > color_at(ax, -3)[2]


def test_colors_mean_the_same_without_negative_numbers():
    plain, signed = Figure().subplots(1, 2)
    plots.heat_map([[0.0, 2.0]], title="t", xlabel="a", ylabel="b", ax=plain)
    plots.heat_map([[-2.0, 2.0]], title="t", xlabel="a", ylabel="b", ax=signed)
    for value in (0, 0.7, 2):
        np.testing.assert_allclose(color_at(plain, value), color_at(signed, value), atol=0.02)


def test_limit_makes_maps_comparable(ax):
    plots.heat_map([[1.0, 2.0]], title="t", xlabel="a", ylabel="b", limit=8, ax=ax)
    assert ax.images[0].get_clim() == (0, 8)


@pytest.mark.parametrize(("shape", "values", "written"), [
    ((10, 10), None, True), ((10, 11), None, False), ((10, 11), True, True),
    ((2, 2), False, False)])
def test_values_are_written_when_there_are_few(ax, shape, values, written):
    plots.heat_map(np.ones(shape), title="t", xlabel="a", ylabel="b", values=values, ax=ax)
    assert len(ax.texts) == written * np.prod(shape)
    assert len(ax.child_axes) == (not written)  # a color bar instead


def test_written_values_are_short(ax):
    M = np.array([[-1.23456, 0.0, 0.5], [1e-9, 1.0, np.nan]])
    plots.heat_map(M, title="t", xlabel="a", ylabel="b", ax=ax)
    assert [text.get_text() for text in ax.texts] == ["−1.23", "0", "0.50", "0.00", "1", "nan"]


@pytest.mark.parametrize("M", [np.zeros((3, 3)), np.full((2, 2), np.nan), 5.0, [1, 2, 3]])
@pytest.mark.filterwarnings("error")
def test_a_heat_map_of_odd_content(M, ax):
    plots.heat_map(M, title="t", xlabel="a", ylabel="b", ax=ax)
    assert ax.images[0].get_array().size == np.size(M)


@pytest.mark.parametrize("M", [np.zeros((2, 2, 2)), np.zeros((0, 3))])
def test_a_heat_map_needs_a_matrix(ax, M):
    with pytest.raises(ValueError, match="needs a matrix"):
        plots.heat_map(M, title="t", xlabel="a", ylabel="b", ax=ax)


def test_a_network_has_a_circle_for_each_unit_and_a_line_for_each_weight(ax):
    plots.network([3, 4, 2], title="Small", ax=ax)
    assert len(ax.patches) == 3 + 4 + 2
    assert len(ax.lines) == 3 * 4 + 4 * 2
    assert {"3 inputs", "4 hidden units", "2 outputs"} <= {text.get_text() for text in ax.texts}
    assert ax.get_title() == "Small"


def test_a_large_layer_is_abridged(ax):
    plots.network([64, 1], title="Wide", ax=ax)
    texts = [text.get_text() for text in ax.texts]
    assert len(ax.patches) < 12
    assert texts.count("⋮") == 1
    assert "64 inputs" in texts
    assert "1 output" in texts


def test_weights_are_width_color_and_number(ax):
    W = np.array([[2.0, -1.0, 0.5]])
    plots.network([3, 1], title="t", weights=[W], labels=[["a", "b", "c"], ["out"]], ax=ax)
    widths = [line.get_linewidth() for line in ax.lines]
    assert widths[0] > widths[1] > widths[2]
    assert same_color(ax.lines[0].get_color(), ax.lines[2].get_color())
    assert not same_color(ax.lines[0].get_color(), ax.lines[1].get_color())
    assert {"2", "−1", "0.5", "a", "b", "c", "out"} <= {text.get_text() for text in ax.texts}


def test_weights_of_another_shape_are_refused(ax):
    with pytest.raises(ValueError, match=r"\[\(1, 3\)\] \(out, in\), got \[\(3, 1\)\]"):
        plots.network([3, 1], title="t", weights=[np.ones((3, 1))], ax=ax)
