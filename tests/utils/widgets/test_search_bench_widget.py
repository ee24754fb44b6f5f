import base64
import json
import re

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from utils import plots
from utils.widgets import SearchBench
from utils.widgets.kit.student import AnswerError
from utils.widgets.search_bench.explorer import BUDGETS, message
from utils.widgets.search_bench.landscape import landscape
from utils.widgets.search_bench.trials import LINEAR, LOG, dice, grid

LAND = landscape()


def random_search(objective, sample, trials, rng):
    configs = [sample(rng) for _ in range(trials)]
    values = [objective(config) for config in configs]
    best = int(np.argmin(values))
    return configs[best], values[best], values


def stub(*args):
    raise NotImplementedError


@pytest.fixture
def bench():
    return SearchBench(random_search)


def points(answer):
    return np.frombuffer(answer["points"], dtype="<f4").reshape(-1, 2)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


# ---- the landscape

def test_the_landscape_is_a_table_of_accuracies():
    for table in (LAND.valid, LAND.test):
        assert table.shape == (len(LAND.decays), len(LAND.rates))
        assert 0 < table.min() < 0.15
        assert 0.9 < table.max() < 1
    assert np.ptp(np.diff(LAND.rates)) < 1e-12
    assert np.ptp(np.diff(LAND.decays)) < 1e-12


def test_between_the_points_it_is_scipys_interpolation():
    theirs = RegularGridInterpolator((LAND.decays, LAND.rates), LAND.valid)
    rng = np.random.default_rng(1)
    for rate, decay in zip(rng.uniform(-3, 1, 50), rng.uniform(-6, 0, 50), strict=True):
        assert LAND.at(LAND.valid, rate, decay) == pytest.approx(float(theirs((decay, rate))))
    assert LAND.at(LAND.valid, 1.0, 0.0) == LAND.valid[-1, -1]
    assert LAND.at(LAND.valid, -9.0, -9.0) == LAND.valid[0, 0]


# ---- the searches

@pytest.mark.parametrize("trials", BUDGETS)
def test_a_grid_is_even_and_inside(trials):
    found = grid(LAND, trials, LOG, np.random.default_rng(2))
    rates, decays = (np.unique(found.points[:, k].round(9)) for k in (0, 1))
    assert len(rates) == len(decays) == trials ** 0.5
    assert np.ptp(np.diff(rates)) < 1e-8
    assert found.points[:, 0].min() >= -3
    assert found.points[:, 0].max() <= 1
    assert found.valid == max(LAND.at(LAND.valid, *point) for point in found.points)


def test_on_a_linear_scale_most_learning_rates_are_above_one():
    rng = np.random.default_rng(3)
    for search in (grid(LAND, 25, LINEAR, rng), dice(LAND, 25, LINEAR, rng, random_search)):
        assert np.mean(search.points[:, 0] > 0) > 0.7


def test_the_dice_are_the_students():
    def worst(objective, sample, trials, rng):
        config, value, history = random_search(lambda c: -objective(c), sample, trials, rng)
        return config, -value, [-v for v in history]

    good = dice(LAND, 16, LOG, np.random.default_rng(4), random_search)
    bad = dice(LAND, 16, LOG, np.random.default_rng(4), worst)
    np.testing.assert_array_equal(good.points, bad.points)
    assert bad.valid < 0.5 < good.valid
    assert good.valid == max(LAND.at(LAND.valid, *point) for point in good.points)


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda *args: None, "None (is there a return?)"),
    (lambda *args: random_search(*args)[:2], "a tuple of 2"),
    (lambda *args: (None, float("nan"), [float("nan")] * 9), "returned None as best_config"),
    (lambda *args: (random_search(*args)[1], *random_search(*args)[1:]), "as best_config"),
    (lambda *args: (*random_search(*args)[:2], [1.0]), "a history with one value for each trial"),
    (lambda o, s, trials, rng: random_search(o, s, trials - 1, rng), "(8,)"),
    (lambda o, s, trials, rng: (s(rng), 1.0, [1.0] * trials), "asked about 0 settings"),
    (lambda o, s, trials, rng: o(None), "TypeError"),
])
def test_a_search_that_fails_costs_a_sentence(broken, words):
    bench = SearchBench(broken)
    assert words in bench.answer["note"]
    assert bench.answer["dice"] is None
    assert len(points(bench.answer["grid"])) == 9
    assert len(alt(bench)) > 60
    bench.asked += 1
    assert words in bench.answer["note"]
    assert bench.answer["averages"] == []


def test_trouble_is_raised_outside_of_the_bench():
    with pytest.raises(AnswerError, match="waits for your stub"):
        dice(LAND, 4, LOG, np.random.default_rng(0), stub)


# ---- the explorer

def test_every_control_searches_anew(bench):
    for name, value in (("draw", 1), ("scale", LINEAR), ("trials", 25)):
        before = {key: points(bench.answer[key]) for key in ("grid", "dice")}
        setattr(bench, name, value)
        for key, old in before.items():
            now = points(bench.answer[key])
            assert now.shape != old.shape or not np.allclose(now, old), (name, key)
    assert len(points(bench.answer["dice"])) == 25


def test_the_same_draw_is_the_same_search(bench):
    before = points(bench.answer["dice"])
    bench.draw = 5
    bench.draw = 0
    np.testing.assert_array_equal(points(bench.answer["dice"]), before)


def test_averages_are_kept_one_for_each_budget_and_scale(bench):
    for trials in (4, 9, 4):
        bench.trials = trials
        bench.asked += 1
    assert [row[0] for row in bench.answer["averages"]] == ["9, log", "4, log"]
    for _, by_grid, by_dice, wins in bench.answer["averages"]:
        assert all(re.fullmatch(r"\d\d\.\d%", share) for share in (by_grid, by_dice))
        assert re.fullmatch(r"\d\d%", wins)


def test_the_averages_are_those_that_the_lesson_tells(bench):
    bench.trials = 25
    bench.asked += 1
    ((_, by_grid, by_dice, wins),) = bench.answer["averages"]
    assert (by_grid, by_dice, wins) == ("93.3%", "93.7%", "68%")


def test_the_message_says_who_is_ahead_and_how_many_rates_were_tried(bench):
    assert "tried 3 learning rates, the dice 9" in bench.answer["message"]
    searches = [grid(LAND, 9, LOG, np.random.default_rng(seed)) for seed in range(2)]
    low, high = sorted(searches, key=lambda one: one.valid)
    assert "The dice came out ahead" in message(low, high)
    assert "The grid came out ahead" in message(high, low)
    assert "equally much" in message(low, low)


def test_it_leaves_a_picture_with_alt_text(bench):
    said = alt(bench)
    assert "9 trials" in said
    assert bench.answer["message"] in said


def test_the_module_stands_alone_and_has_the_figures_colors(bench):
    assert not re.search(r"https?:|\bimport\b", SearchBench._esm)
    colors = json.loads(re.search(r"^const COLORS = (.*);", SearchBench._esm, re.M)[1])
    assert colors["wrong"] == plots.WRONG
    sent = np.frombuffer(bench.facts["land"], dtype="<f4")
    np.testing.assert_allclose(sent.reshape(bench.facts["rows"], bench.facts["columns"]),
                               LAND.valid, rtol=1e-6)
