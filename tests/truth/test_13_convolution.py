"""The reference of lesson 13 against oracles that share no code with it."""

from itertools import product

import numpy as np
import pytest
from scipy import ndimage, signal, stats

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "13_convolution")
KINDS = [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 2), (1, 2)]  # stride, padding


@pytest.fixture
def ours():
    return reference(LESSON)


def case(seed, n=2, c=3, out=4, k=3, h=5, w=6):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, c, h, w)), rng.normal(size=(out, c, k, k)), rng.normal(size=out)


def central(f, x):
    slope = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-4  # everything here is linear: no curvature to be missed
        slope[index] = (f(x + step) - f(x - step)) / 2e-4
    return slope


@pytest.mark.parametrize(("stride", "padding"), KINDS)
def test_a_convolution_is_scipys_correlation(ours, stride, padding):
    X, W, b = case(1)
    found = ours["conv2d_forward"](X, W, b, stride, padding)
    for (m, image), (o, kernel) in product(enumerate(X), enumerate(W)):
        framed = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
        full = signal.correlate(framed, kernel, mode="valid")[0]
        np.testing.assert_allclose(found[m, o], full[::stride, ::stride] + b[o], atol=1e-12)
    h2, w2 = (ours["conv_size"](size, 3, stride, padding) for size in (5, 6))
    assert found.shape == (2, 4, h2, w2)


def test_with_a_frame_of_zeros_it_is_scipys_filter(ours):
    X, W, _ = case(2, n=1, c=1, out=1)
    found = ours["conv2d_forward"](X, W, np.zeros(1), 1, 1)
    expected = ndimage.correlate(X[0, 0], W[0, 0], mode="constant")
    np.testing.assert_allclose(found[0, 0], expected, atol=1e-12)


@pytest.mark.parametrize(("stride", "padding"), KINDS)
def test_one_matrix_product_is_the_convolution(ours, stride, padding):
    X, W, b = case(3)
    np.testing.assert_allclose(ours["conv"](X, W, b, stride, padding),
                               ours["conv2d_forward"](X, W, b, stride, padding), atol=1e-12)


@pytest.mark.parametrize(("stride", "padding"), KINDS)
def test_im2col_and_col2im_are_each_others_transposes(ours, stride, padding):
    X, rng = case(4)[0], np.random.default_rng(5)
    cols = ours["im2col"](X, 3, stride, padding)
    g = rng.normal(size=cols.shape)
    back = ours["col2im"](g, X.shape, 3, stride, padding)
    assert np.sum(cols * g) == pytest.approx(np.sum(X * back))


@pytest.mark.parametrize(("stride", "padding"), KINDS)
def test_the_way_back_is_the_slope(ours, stride, padding):
    X, W, b = case(6, c=2, out=3, h=4, w=5)
    forward = ours["conv2d_forward"]
    g = np.random.default_rng(7).normal(size=forward(X, W, b, stride, padding).shape)
    dX, dW, db = ours["conv2d_backward"](g, X, W, stride, padding)
    np.testing.assert_allclose(
        dX, central(lambda v: np.sum(g * forward(v, W, b, stride, padding)), X), atol=1e-8)
    np.testing.assert_allclose(
        dW, central(lambda v: np.sum(g * forward(X, v, b, stride, padding)), W), atol=1e-8)
    np.testing.assert_allclose(
        db, central(lambda v: np.sum(g * forward(X, W, v, stride, padding)), b), atol=1e-8)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_pool_is_scipys_largest_in_blocks(ours, size):
    X = np.random.default_rng(8).normal(size=(2, 3, 9, 7))
    found = ours["maxpool_forward"](X, size)
    for m, c in product(range(2), range(3)):
        whole = X[m, c, :9 // size * size, :7 // size * size]
        blocks = np.arange(whole.size).reshape(whole.shape)
        rows, columns = np.divmod(blocks, whole.shape[1])
        block = rows // size * (7 // size) + columns // size
        expected = ndimage.maximum(whole, block, np.arange(found[m, c].size))
        np.testing.assert_array_equal(found[m, c].ravel(), expected)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_back_through_a_pool_is_the_slope(ours, size):
    rng = np.random.default_rng(9)
    X = rng.permutation(2 * 2 * 5 * 6).reshape(2, 2, 5, 6).astype(float)  # no ties, far apart
    forward = ours["maxpool_forward"]
    g = rng.normal(size=forward(X, size).shape)
    np.testing.assert_allclose(ours["maxpool_backward"](g, X, size),
                               central(lambda v: np.sum(g * forward(v, size)), X), atol=1e-8)


@pytest.mark.parametrize("layers", [
    [(3, 1), (3, 1)], [(3, 2), (3, 1)], [(3, 1), (2, 2), (3, 1), (2, 2)], [(5, 3), (1, 2), (4, 1)]])
def test_the_receptive_field_is_what_a_nudge_can_reach(ours, layers):
    """Pixels whose nudge changes the middle number of the last map, by convolving ones."""
    side = 1
    for kernel, stride in reversed(layers):
        side = (side + 1) * stride + kernel  # room enough for more than one number at the end
    pixels = np.eye(side * side).reshape(-1, 1, side, side)
    for kernel, stride in layers:
        pixels = ours["conv"](pixels, np.ones((1, 1, kernel, kernel)), np.zeros(1), stride)
    reach = np.flatnonzero(pixels[:, 0, 0, 0].reshape(side, side).any(axis=0))
    assert ours["receptive_field"](layers) == reach[-1] - reach[0] + 1


def test_parameters_are_those_of_the_arrays(ours):
    _, W, b = case(10, c=5, out=7, k=4)
    assert ours["count_conv_params"](5, 7, 4) == W.size + b.size


def test_moving_an_image_moves_its_map(ours):
    """What the lesson claims: equivariant, and not invariant."""
    X, W, b = case(11, n=1, h=9, w=9)
    map_ = ours["conv2d_forward"](X, W, b)
    turned = ours["conv2d_forward"](np.roll(X, 1, axis=3), W, b)
    np.testing.assert_allclose(turned[..., 1:], map_[..., :-1])
    assert abs(stats.pearsonr(turned[..., 1:].ravel(), map_[..., 1:].ravel())[0]) < 0.5
