import string

import numpy as np
import pytest
from sklearn import datasets

from utils import data

TABLES = [data.iris, data.wine, data.breast_cancer, data.digits, data.diabetes]
CLOUDS = [data.moons, data.circles, data.xor]


@pytest.mark.parametrize("table", TABLES, ids=lambda f: f.__name__)
def test_a_table_is_scikit_learns(table):
    ours, theirs = table(), getattr(datasets, f"load_{table.__name__}")()
    np.testing.assert_array_equal(ours.X, theirs.data)
    np.testing.assert_array_equal(ours.y, theirs.target)
    assert ours.features == tuple(theirs.feature_names)
    assert ours.name == table.__name__
    assert ours.X.dtype == np.float64
    assert ours.y.dtype == (np.float64 if table is data.diabetes else np.int64)
    assert len(ours.classes) == (0 if table is data.diabetes else len(np.unique(ours.y)))
    assert {type(name) for name in ours.features + ours.classes} == {str}


@pytest.mark.parametrize("table", TABLES, ids=lambda f: f.__name__)
def test_what_a_student_does_to_a_table_stays_his(table):
    first = table()
    first.X[:], first.y[:] = 0, 0
    assert table().X.any()
    assert table().y.any()


def test_a_table_is_read_once(monkeypatch):
    data.digits()
    monkeypatch.delattr(datasets, "load_digits")
    assert len(data.digits().X) == 1797


@pytest.mark.parametrize("name", data.PHOTOGRAPHERS)
def test_a_photograph_is_scikit_learns(name):
    ours, theirs = data.photograph(name), datasets.load_sample_image(f"{name}.jpg")
    assert ours.shape == (3, *theirs.shape[:2])
    assert ours.dtype == np.float64
    np.testing.assert_allclose(255 * ours.transpose(1, 2, 0), theirs)
    ours[:] = 0
    assert data.photograph(name).any()


def test_take_gives_the_named_columns_in_that_order():
    full = data.iris()
    two = full.take("petal width (cm)", "sepal length (cm)")
    np.testing.assert_array_equal(two.X, np.stack([full.X[:, 3], full.X[:, 0]], axis=1))
    assert two.features == ("petal width (cm)", "sepal length (cm)")
    two.X[:], two.y[:] = 0, 0
    assert full.X.all()
    assert full.y.any()


def test_only_renumbers_the_classes_in_the_order_given():
    full = data.iris()
    two = full.only("virginica", "setosa")
    assert two.classes == ("virginica", "setosa")
    assert two.y.dtype == np.int64
    for label, name in enumerate(two.classes):
        np.testing.assert_array_equal(two.X[two.y == label],
                                      full.X[full.y == full.classes.index(name)])
    assert len(two.X) == 100


@pytest.mark.parametrize(("wrong", "says"), [
    (lambda: data.photograph("cat"), "unknown photograph 'cat': choose one of 'china', 'flower'"),
    (lambda: data.iris().take("petal"), "'petal' is no feature of iris.*'petal length \\(cm\\)'"),
    (lambda: data.iris().only("rose"), "'rose' is no class of iris.*'setosa', 'versicolor'"),
    (lambda: data.digits().only(3), "3 is no class of digits.*'3'"),
    (lambda: data.iris().take(), "name at least one feature"),
    (lambda: data.iris().only(), "name at least one class"),
    (lambda: data.iris().only("setosa", "setosa"), "once"),
    (lambda: data.diabetes().only("sick"), "no classes"),
    (lambda: data.gate("and"), "unknown gate 'and'.*'AND', 'OR', 'NAND', 'XOR'"),
    (lambda: data.moons(10, -1, np.random.default_rng(0)), "noise"),
    (lambda: data.moons(10, 0.1, 0), "default_rng"),
])
def test_a_wrong_name_is_answered_with_those_that_there_are(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda f: f.__name__)
def test_a_cloud_comes_from_its_rng_alone(cloud):
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one, two = (cloud(41, 0.1, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one.X, two.X)
    np.testing.assert_array_equal(one.y, two.y)
    assert not np.array_equal(one.X, cloud(41, 0.1, np.random.default_rng(6)).X)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    assert one.X.shape == (41, 2)
    assert one.X.dtype == np.float64
    assert one.y.shape == (41,)
    assert one.y.dtype == np.int64


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("n", [40, 41])
def test_a_cloud_is_balanced_and_in_random_order(cloud, n):
    y = cloud(n, 0.1, np.random.default_rng(1)).y
    assert abs(np.sum(y == 0) - np.sum(y == 1)) <= 1
    assert 10 < np.sum(y[1:] != y[:-1]) < 30


def test_without_noise_the_clouds_are_their_curves():
    rng = np.random.default_rng(2)
    moons, circles, xor = (cloud(100, 0, rng) for cloud in CLOUDS)
    centre = np.array([[0.0, 0.0], [1.0, 0.5]])[moons.y]
    np.testing.assert_allclose(np.linalg.norm(moons.X - centre, axis=1), 1)
    np.testing.assert_array_equal(moons.X[:, 1] >= centre[:, 1] - 1e-12, (moons.y == 0)
                                  | (moons.X[:, 1] >= 0.5 - 1e-12))
    np.testing.assert_allclose(np.linalg.norm(circles.X, axis=1), np.where(circles.y, 0.5, 1.0))
    np.testing.assert_array_equal(xor.y, xor.X[:, 0] != xor.X[:, 1])


def test_noise_is_a_standard_deviation():
    X, y = (lambda d: (d.X, d.y))(data.circles(20_000, 0.05, np.random.default_rng(3)))
    radius = np.linalg.norm(X, axis=1) - np.where(y, 0.5, 1.0)
    assert radius.std() == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize(("name", "rule"), [
    ("AND", lambda a, b: a and b), ("OR", lambda a, b: a or b),
    ("NAND", lambda a, b: not (a and b)), ("XOR", lambda a, b: a != b)])
def test_a_gate_is_its_truth_table(name, rule):
    gate = data.gate(name)
    np.testing.assert_array_equal(gate.X, data.CORNERS)
    assert [bool(y) for y in gate.y] == [bool(rule(bool(a), bool(b))) for a, b in gate.X]
    gate.X[:] = 7
    assert data.CORNERS.max() == 1


def test_a_data_set_shows_itself_in_a_line():
    assert repr(data.iris().only("setosa", "virginica")) == (
        "<iris: 100 examples, 4 features (sepal length (cm), sepal width (cm), "
        "petal length (cm), petal width (cm)), classes setosa, virginica>")
    assert "a number as target" in repr(data.diabetes())


def test_names_are_lowercase_words_each_once_and_in_order():
    names = data.names()
    assert len(names) == 5163
    assert names == sorted(set(names))
    assert set("".join(names)) == set(string.ascii_lowercase)
    assert {"mary", "james", "kimberly"} < set(names)


def test_the_source_and_the_license_of_the_names_are_beside_them():
    said = data.FIRST_NAMES.with_name("README.md").read_text(encoding="utf-8")
    assert data.FIRST_NAMES.name in said
    assert "public domain" in said
    assert "MIT" in said


def test_what_a_student_does_to_the_names_stays_his():
    data.names().clear()
    assert data.names()
