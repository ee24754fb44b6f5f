"""Wrong answers to the exercises of lesson 13, each with the hint that its author reads.

`EXERCISE__LABEL` is a wrong answer to EXERCISE, written the way students write it, and its
docstring is the hint. `inputs_EXERCISE` yields the arguments on which all of them differ from a
right answer and from each other.
"""

from collections.abc import Iterator

import numpy as np

Array = np.ndarray

# conv_size


def inputs_conv_size(rng: np.random.Generator) -> Iterator[tuple]:
    yield from ((7, 3), (6, 3, 2), (8, 3, 3), (5, 3, 2, 2), (5, 2, 1, 1), (4, 4), (2, 3, 2),
                (2, 4, 1, 1), (3, 4, 1, 1), (1, 5), (3, 4, 5), (9, 2, 4, 1), (11, 3, 4, 2))


def fresh_conv_size(draw):
    kernel, padding = draw.integer(1, 5), draw.integer(0, 2)
    size = max(1, kernel - 2 * padding) + draw.integer(0, 6)
    return size, kernel, draw.integer(1, 4), padding


def _size(size, kernel, stride=1, padding=0):
    if size + 2 * padding < kernel:
        raise ValueError
    return (size + 2 * padding - kernel) // stride + 1


def conv_size__no_plus_one(size, kernel, stride=1, padding=0):
    """You count the steps from one place to the next. How many places are there with no step at
    all, when the kernel is as large as the image?"""
    return _size(size, kernel, stride, padding) - 1


def conv_size__rounded_up(size, kernel, stride=1, padding=0):
    """You round up, so that the last window sticks out of the image. A place counts only if the
    whole kernel fits."""
    _size(size, kernel, stride, padding)
    return -(-(size + 2 * padding - kernel) // stride) + 1


def conv_size__rounded(size, kernel, stride=1, padding=0):
    """You round to the nearest whole number. A place counts only if the whole kernel fits, so which
    way do you have to round?"""
    _size(size, kernel, stride, padding)
    return round((size + 2 * padding - kernel) / stride) + 1


def conv_size__padding_once(size, kernel, stride=1, padding=0):
    """You add the padding once. At how many ends of the axis are there zeros?"""
    return _size(size + padding, kernel, stride)


def conv_size__no_padding(size, kernel, stride=1, padding=0):
    """The padding makes no difference to your answer. It makes the axis longer."""
    return _size(size, kernel, stride)


def conv_size__no_stride(size, kernel, stride=1, padding=0):
    """The stride makes no difference to your answer. How many places are skipped when it is 2?"""
    return _size(size, kernel, 1, padding)


def conv_size__stride_divides_too_early(size, kernel, stride=1, padding=0):
    """You divide the whole axis by the stride and subtract the kernel afterwards. Subtract the
    first window before you count steps."""
    _size(size, kernel, stride, padding)
    return (size + 2 * padding) // stride - kernel + 1


def conv_size__starts_that_stick_out(size, kernel, stride=1, padding=0):
    """You count all the places where a window may *begin*. The last of them stick out of the image:
    count only those at which the whole kernel fits."""
    _size(size, kernel, stride, padding)
    return -(-(size + 2 * padding) // stride)


def conv_size__one_added_too_early(size, kernel, stride=1, padding=0):
    """You add the 1 for the first place before you divide by the stride. First count the steps,
    then add the place they start from."""
    _size(size, kernel, stride, padding)
    return (size + 2 * padding - kernel + 1) // stride


def conv_size__padding_after_the_stride(size, kernel, stride=1, padding=0):
    """You add the padding at the end, as if each zero made one more place. It makes the axis
    longer, and the stride skips places there, too."""
    _size(size, kernel, stride, padding)
    return (size - kernel) // stride + 1 + 2 * padding


def conv_size__no_error(size, kernel, stride=1, padding=0):
    """For a kernel that doesn't fit, your function returns a number. The docstring promises a
    ValueError."""
    return (size + 2 * padding - kernel) // stride + 1


def conv_size__zero_for_no_place(size, kernel, stride=1, padding=0):
    """For a kernel that doesn't fit, your function returns 0. The docstring promises a
    ValueError."""
    return max(0, (size + 2 * padding - kernel) // stride + 1)


def conv_size__error_seen_too_late(size, kernel, stride=1, padding=0):
    """You look at the result to see whether the kernel fits. But int() rounds towards 0, so with a
    large stride a kernel that is too large gives 1. Compare the kernel with the padded axis."""
    places = int((size + 2 * padding - kernel) / stride) + 1
    if places < 1:
        raise ValueError
    return places


def conv_size__fit_without_padding(size, kernel, stride=1, padding=0):
    """You compare the kernel with the image as it is. The padding makes room for it, too."""
    if kernel > size:
        raise ValueError
    return _size(size, kernel, stride, padding)


def conv_size__fit_with_padding_once(size, kernel, stride=1, padding=0):
    """The number is right, but you refuse some kernels that fit: to see whether one fits, you add
    the padding once. At how many ends of the axis are there zeros?"""
    if kernel > size + padding:
        raise ValueError
    return _size(size, kernel, stride, padding)


def conv_size__exact_fit_refused(size, kernel, stride=1, padding=0):
    """You raise an error for a kernel that fills the whole axis. It fits: once."""
    if kernel >= size + 2 * padding:
        raise ValueError
    return _size(size, kernel, stride, padding)


def conv_size__another_error(size, kernel, stride=1, padding=0):
    """You raise something else where the kernel doesn't fit. The docstring promises a
    ValueError."""
    if kernel > size + 2 * padding:
        raise IndexError
    return _size(size, kernel, stride, padding)


def conv_size__a_float(size, kernel, stride=1, padding=0):
    """The number is right, but it is a float. A number of places is an int: `//` divides and
    rounds down in one step."""
    return float(_size(size, kernel, stride, padding))


# conv2d_forward


def _case(rng: np.random.Generator, n: int, c: int, out: int, k: int, h: int, w: int) -> tuple:
    return (rng.normal(size=(n, c, h, w)), rng.normal(size=(out, c, k, k)), rng.normal(size=out))


def inputs_conv2d_forward(rng: np.random.Generator) -> Iterator[tuple]:
    yield _case(rng, 2, 2, 3, 2, 3, 4)
    yield (*_case(rng, 1, 1, 1, 2, 5, 6), 2)
    yield (*_case(rng, 1, 2, 2, 3, 3, 4), 1, 1)
    yield (*_case(rng, 2, 3, 2, 2, 5, 5), 2, 1)
    yield _case(rng, 2, 3, 3, 1, 2, 2)
    yield ([[[[1, 2], [3, 4]]]], [[[[1, 0], [0, 1]]]], [0.5])


def _padding(draw, kernel):
    """Stride, padding, and sides of images into which the kernel fits."""
    stride, padding = draw.integer(1, 3), draw.integer(0, 1)
    least = max(1, kernel - 2 * padding)
    return stride, padding, least + draw.integer(0, 3), least + draw.integer(0, 4)


def fresh_conv2d_forward(draw):
    n, c, out = draw.sizes("n", "c", "out")
    k = draw.integer(1, 3)
    stride, padding, h, w = _padding(draw, k)
    return (draw.array(n, c, h, w), draw.array(out, c, k, k), draw.array(out), stride, padding)


def _pad(X, p, mode="constant"):
    return np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), (p, p), (p, p)), mode=mode)


def _windows(X, k, stride=1):
    """(n, c, h2, w2, k, k) of images that are padded already."""
    found = np.lib.stride_tricks.sliding_window_view(np.asarray(X, dtype=float), (k, k), (2, 3))
    return found[:, :, ::stride, ::stride]


def _map(windows, W, b):
    return np.einsum("ncijuv,ocuv->noij", windows, W) + np.asarray(b)[:, None, None]


def _conv(X, W, b, stride=1, padding=0, mode="constant"):
    W = np.asarray(W, dtype=float)
    return _map(_windows(_pad(X, padding, mode), W.shape[-1], stride), W, b)


def conv2d_forward__mirrored(X, W, b, stride=1, padding=0):
    """Your kernel is mirrored: its last weight lies on the window's first pixel. Use it as it
    is. (If you use SciPy: `convolve2d` mirrors, `correlate2d` doesn't.)"""
    return _conv(X, np.asarray(W)[..., ::-1, ::-1], b, stride, padding)


def conv2d_forward__kernel_transposed(X, W, b, stride=1, padding=0):
    """Your kernel is transposed: its rows lie on the window's columns."""
    return _conv(X, np.swapaxes(W, 2, 3), b, stride, padding)


def conv2d_forward__window_starts_at_i(X, W, b, stride=1, padding=0):
    """You have the right number of places, but your windows are one pixel apart. Where
    does the window of place i begin?"""
    right = _conv(X, W, b, stride, padding)
    return _conv(X, W, b, 1, padding)[:, :, :right.shape[2], :right.shape[3]]


def conv2d_forward__stride_ignored(X, W, b, stride=1, padding=0):
    """The stride makes no difference to your maps. How far apart are two windows?"""
    return _conv(X, W, b, 1, padding)


def conv2d_forward__stride_down_only(X, W, b, stride=1, padding=0):
    """You use the stride for the rows only. The window moves by it across as well."""
    return _conv(X, W, b, 1, padding)[:, :, ::stride]


def conv2d_forward__padding_ignored(X, W, b, stride=1, padding=0):
    """The padding makes no difference to your maps. Put the zeros around the image first."""
    return _conv(X, W, b, stride)


def conv2d_forward__padding_before_only(X, W, b, stride=1, padding=0):
    """You put zeros above and on the left only. The frame has four sides."""
    W = np.asarray(W, dtype=float)
    X = np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), (padding, 0), (padding, 0)))
    return _map(_windows(X, W.shape[-1], stride), W, b)


def conv2d_forward__padding_after_only(X, W, b, stride=1, padding=0):
    """You put zeros below and on the right only. The frame has four sides."""
    W = np.asarray(W, dtype=float)
    X = np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), (0, padding), (0, padding)))
    return _map(_windows(X, W.shape[-1], stride), W, b)


def conv2d_forward__padding_repeats_the_border(X, W, b, stride=1, padding=0):
    """Your frame repeats the pixels of the border. The docstring says zeros."""
    return _conv(X, W, b, stride, padding, "edge")


def conv2d_forward__padding_with_the_bias(X, W, b, stride=1, padding=0):
    """You compute the maps without padding and put the frame around the *result*. It belongs around
    the images."""
    return _pad(_conv(X, W, b, stride), padding)


def conv2d_forward__padding_of_all_axes(X, W, b, stride=1, padding=0):
    """You pad all four axes, so there are empty images and channels, too, and the first image isn't
    the first anymore. `np.pad` takes a pair for each axis: the first two get (0, 0)."""
    X, W = np.pad(np.asarray(X, dtype=float), padding), np.asarray(W, dtype=float)
    n, c = len(X) - 2 * padding, W.shape[1]
    return _map(_windows(X[:n, :c], W.shape[-1], stride), W, b)


def conv2d_forward__matrix_product(X, W, b, stride=1, padding=0):
    """You multiply window and kernel with `@`, which is a matrix product of rows and columns. Here
    each weight meets the one pixel under it: entry by entry."""
    W = np.asarray(W, dtype=float)
    windows = _windows(_pad(X, padding), W.shape[-1], stride)
    return (np.einsum("ncijut,octv->noij", windows, W) + np.asarray(b)[:, None, None])


def conv2d_forward__as_wide_as_high(X, W, b, stride=1, padding=0):
    """Your maps are square: as many places across as down. An image may be wider than it is high,
    so count the places of each axis."""
    Y = _conv(X, W, b, stride, padding)
    side = min(Y.shape[2], Y.shape[3])
    return Y[..., :side] if Y.shape[3] >= Y.shape[2] else np.pad(
        Y, ((0, 0), (0, 0), (0, 0), (0, Y.shape[2] - side)))


def conv2d_forward__first_channel_only(X, W, b, stride=1, padding=0):
    """Only the first channel counts in your maps. A kernel looks at all of them."""
    return _conv(np.asarray(X)[:, :1], np.asarray(W)[:, :1], b, stride, padding)


def conv2d_forward__channels_averaged(X, W, b, stride=1, padding=0):
    """You take the mean over the channels. All products in the window are *added up*."""
    W = np.asarray(W, dtype=float)
    return _conv(X, W / W.shape[1], b, stride, padding)


def conv2d_forward__mean_of_the_products(X, W, b, stride=1, padding=0):
    """You take the mean of the products. They are *added up*; a kernel that should average has
    small weights for that."""
    W = np.asarray(W, dtype=float)
    return _conv(X, W / W[0].size, b, stride, padding)


def conv2d_forward__channels_not_added(X, W, b, stride=1, padding=0):
    """Your result has one map for each channel of each kernel. Each kernel makes *one* map: add up
    over the channels, too."""
    W = np.asarray(W, dtype=float)
    windows = _windows(_pad(X, padding), W.shape[-1], stride)
    return np.einsum("ncijuv,ocuv->nocij", windows, W) + np.asarray(b)[:, None, None, None]


def conv2d_forward__no_bias(X, W, b, stride=1, padding=0):
    """Your maps are right but for the biases: each kernel adds its own to all of its map."""
    return _conv(X, W, np.zeros(len(W)), stride, padding)


def conv2d_forward__bias_in_every_product(X, W, b, stride=1, padding=0):
    """You add the bias before you sum, so it counts once for each weight. It is added once, to
    the sum."""
    return _conv(X, W, np.asarray(b) * np.asarray(W)[0].size, stride, padding)


def conv2d_forward__bias_for_each_channel(X, W, b, stride=1, padding=0):
    """You add the bias once for each channel. A kernel has one bias, however many channels it looks
    at: where in your loops should it be added?"""
    return _conv(X, W, np.asarray(b) * np.shape(X)[1], stride, padding)


def conv2d_forward__places_without_padding(X, W, b, stride=1, padding=0):
    """Your windows come from the padded images, but you count the places of the images without
    their frame. How many rows and columns does a padded image have?"""
    h2, w2 = (_size(side, np.shape(W)[-1], stride) for side in np.shape(X)[2:])
    return _conv(X, W, b, stride, padding)[:, :, :h2, :w2]


def conv2d_forward__one_bias_for_all(X, W, b, stride=1, padding=0):
    """You add the first bias to all maps. Each kernel has its own."""
    return _conv(X, W, np.full(len(b), b[0]), stride, padding)


def conv2d_forward__one_kernel_for_all(X, W, b, stride=1, padding=0):
    """All your maps come from the first kernel. Map o belongs to kernel `W[o]`."""
    W = np.asarray(W)
    return _conv(X, np.repeat(W[:1], len(W), axis=0), b, stride, padding)


def conv2d_forward__one_image_for_all(X, W, b, stride=1, padding=0):
    """All your maps come from the first image. Is the image's index in your slice?"""
    return np.repeat(_conv(np.asarray(X)[:1], W, b, stride, padding), len(X), axis=0)


def conv2d_forward__transposed(X, W, b, stride=1, padding=0):
    """Your maps are transposed: rows and columns have changed places. h2 comes before w2."""
    return np.swapaxes(_conv(X, W, b, stride, padding), 2, 3)


def conv2d_forward__channels_last(X, W, b, stride=1, padding=0):
    """Your result has its channels last. The docstring says (n, out, h2, w2)."""
    return np.moveaxis(_conv(X, W, b, stride, padding), 1, -1)


def conv2d_forward__kernels_first(X, W, b, stride=1, padding=0):
    """Your result has the kernels first and the images second. The docstring says
    (n, out, h2, w2)."""
    return np.swapaxes(_conv(X, W, b, stride, padding), 0, 1)


def conv2d_forward__rectified(X, W, b, stride=1, padding=0):
    """Your maps have no negative numbers. An activation comes after the convolution and is not part
    of it."""
    return np.maximum(_conv(X, W, b, stride, padding), 0)


def conv2d_forward__last_row_and_column_missing(X, W, b, stride=1, padding=0):
    """The last row and the last column of your maps are 0: your loops end one place too early.
    Which is the last place at which the kernel fits?"""
    Y = _conv(X, W, b, stride, padding)
    Y[:, :, -1], Y[:, :, :, -1] = 0, 0
    return Y


def conv2d_forward__whole_numbers(X, W, b, stride=1, padding=0):
    """For whole numbers, your result is cut to whole numbers: it has the images' type. Make float
    arrays of the arguments first."""
    return _conv(X, W, b, stride, padding).astype(np.asarray(X).dtype)


def conv2d_forward__no_return(X, W, b, stride=1, padding=0):
    """Your function gives back None: it gets to its end without a `return`."""


# cases


def inputs_cases(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_cases(result):
    """What the examples lack first."""
    if result is None or not 1 <= len(result) <= 8:
        return "nothing" if result is None else "another number of examples"
    if not all(isinstance(case, (list, tuple)) and 3 <= len(case) <= 5 for case in result):
        return "no arguments"
    if any(np.size(part) > 200 for case in result for part in case):
        return "small images"
    calls = [(np.array(X, dtype=float), np.array(W, dtype=float), *more, *(1, 0)[len(more):])
             for X, W, _, *more in result]
    if not all(X.ndim == 4 and W.ndim == 4 for X, W, *_ in calls):
        return "axes"
    maps = [[_size(side, W.shape[-1], s, p) for side in X.shape[2:]] for X, W, s, p in calls]
    lacking = {
        "small images": all(X.size <= 20 for X, *_ in calls),
        "several images": any(len(X) > 1 for X, *_ in calls),
        "several channels": any(X.shape[1] > 1 for X, *_ in calls),
        "several kernels": any(len(W) > 1 for _, W, *_ in calls),
        "lopsided kernels": any(not np.array_equal(W, W[..., ::-1, ::-1]) for _, W, *_ in calls),
        "a stride": any(s > 1 and max(m) > 1 for (_, _, s, _), m in zip(calls, maps, strict=True)),
        "padding": any(p > 0 for *_, p in calls),
        "maps that are not square": any(m[0] != m[1] for m in maps)}
    return next((name for name, there in lacking.items() if not there), "nothing at all")


def cases__too_many():
    """You return more examples than allowed. A few are enough if each is there for a reason: which
    mistakes does it show that the others don't?"""
    rng = np.random.default_rng(1)
    return [_case(rng, 1, 1, 1, 2, 2, side) for side in range(3, 13)]


def cases__one_example_without_a_list():
    """You return one example where a list of examples is promised. Put it in a list, even if there
    is only one."""
    return _case(np.random.default_rng(2), 2, 1, 2, 2, 2, 5)


def cases__images_without_channels():
    """Your images have two axes. A batch of images has four, and so have the kernels, even if there
    is one image with one channel."""
    return [([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]], [[1.0, 0.0], [2.0, -1.0]], [0.5])]


def cases__large_images():
    """Your images have too many pixels to be checked by hand. A mistake that shows in many pixels
    shows in a few."""
    return [(*_case(np.random.default_rng(3), 2, 2, 2, 3, 5, 6), 2, 1)]


def cases__one_image():
    """All your batches hold a single image. A version that uses the first image for all of them
    gets away with it."""
    rng = np.random.default_rng(4)
    return [(*_case(rng, 1, 2, 2, 2, 2, 5), 2, 1), _case(rng, 1, 2, 1, 2, 2, 3)]


def cases__one_channel():
    """All your images have one channel. Then it doesn't show whether the channels are added up,
    averaged, or left out."""
    rng = np.random.default_rng(5)
    return [(*_case(rng, 2, 1, 2, 2, 2, 5), 2, 1), _case(rng, 1, 1, 2, 2, 2, 4)]


def cases__one_kernel():
    """There is one kernel in each of your examples. Then it doesn't show whether each kernel gets
    its own bias, or its own weights."""
    rng = np.random.default_rng(6)
    return [(*_case(rng, 2, 1, 1, 2, 2, 5), 2, 1), _case(rng, 1, 2, 1, 2, 2, 3)]


def cases__symmetric_kernels():
    """Your kernels look the same upside down. Then it makes no difference whether they are used as
    they are, or mirrored."""
    rng = np.random.default_rng(7)
    return [(rng.normal(size=(2, 1, 2, 5)), np.ones((2, 1, 2, 2)), [0.5, -1.0], 2, 1),
            (rng.normal(size=(1, 2, 2, 3)), np.ones((1, 2, 2, 2)), [0.5])]


def cases__stride_of_one():
    """Your windows move by one pixel in all examples, so it doesn't show where a window begins if
    they move by more."""
    rng = np.random.default_rng(8)
    return [(*_case(rng, 2, 1, 2, 2, 2, 5), 1, 1), _case(rng, 1, 2, 1, 2, 2, 3)]


def cases__no_padding():
    """Your images have no padding in any example. Who puts it on two sides only, or fills it with
    something other than zeros?"""
    rng = np.random.default_rng(9)
    return [(*_case(rng, 2, 1, 2, 2, 2, 5), 2), _case(rng, 1, 2, 1, 2, 2, 3)]


def cases__square_maps():
    """In all your examples, the maps are as wide as they are high. A version that counts the places
    of one axis only gets away with it."""
    rng = np.random.default_rng(10)
    return [(*_case(rng, 2, 1, 2, 2, 3, 3), 2, 1), _case(rng, 1, 2, 1, 2, 3, 3)]


def cases__no_return():
    """Your function gives back None: it gets to its end without a `return`. Return the list of
    examples."""
    _ = [_case(np.random.default_rng(11), 2, 1, 2, 2, 2, 5)]


# im2col


def inputs_im2col(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.normal(size=(2, 2, 3, 4)), 2
    yield rng.normal(size=(1, 2, 3, 3)), 2
    yield rng.normal(size=(1, 1, 5, 6)), 2, 2
    yield rng.normal(size=(1, 2, 2, 3)), 3, 1, 1
    yield rng.normal(size=(2, 2, 5, 5)), 2, 2, 1
    yield rng.normal(size=(1, 1, 2, 3)), 1
    yield [[[[1, 2, 3], [4, 5, 6]]]], 2


def fresh_im2col(draw):
    n, c = draw.sizes("n", "c")
    k = draw.integer(1, 3)
    stride, padding, h, w = _padding(draw, k)
    return draw.array(n, c, h, w), k, stride, padding


def _axes(X, kernel, stride, padding, order):
    """The windows with their axes in another order; the first half makes rows."""
    windows = np.einsum(f"ncijuv->{order}", _windows(_pad(X, padding), kernel, stride))
    return windows, int(np.prod(windows.shape[:3]))


def _cols(X, kernel, stride=1, padding=0, order="nijcuv"):
    windows, rows = _axes(X, kernel, stride, padding, order)
    return windows.reshape(rows, -1)


def im2col__channels_last_in_a_row(X, kernel, stride=1, padding=0):
    """Each of your rows has the right numbers, but pixel by pixel, with the channels of a pixel
    next to each other. It should be channel by channel: (c, u, v)."""
    return _cols(X, kernel, stride, padding, "nijuvc")


def im2col__windows_transposed(X, kernel, stride=1, padding=0):
    """In each of your rows, the window is read column by column. It should be read row by row."""
    return _cols(X, kernel, stride, padding, "nijcvu")


def im2col__images_last(X, kernel, stride=1, padding=0):
    """Your rows have the same place of all images next to each other. All windows of the first
    image come first."""
    return _cols(X, kernel, stride, padding, "ijncuv")


def im2col__places_column_by_column(X, kernel, stride=1, padding=0):
    """Your rows go through the places column by column. Go row by row, as you read: j runs faster
    than i."""
    return _cols(X, kernel, stride, padding, "njicuv")


def im2col__a_row_for_each_channel(X, kernel, stride=1, padding=0):
    """You have one row for each channel of a window. All of its channels belong in one row."""
    return _cols(X, kernel, stride, padding).reshape(-1, kernel * kernel)


def im2col__reshaped_without_moving_axes(X, kernel, stride=1, padding=0):
    """The shape is right, but you reshape while the channels' axis is still before the places,
    so numbers of different windows end up in one row. First move the axes into the order
    (n, i, j, c, u, v), then reshape."""
    windows, _ = _axes(X, kernel, stride, padding, "ncijuv")
    n, _, h2, w2, _, _ = windows.shape
    return windows.reshape(n * h2 * w2, -1)


def im2col__transposed(X, kernel, stride=1, padding=0):
    """Your matrix is transposed: each window is a column. (The name suggests it, and some texts do
    it.) Here each window is a row."""
    return _cols(X, kernel, stride, padding).T


def im2col__stride_ignored(X, kernel, stride=1, padding=0):
    """The stride makes no difference to your rows. How far apart are two windows?"""
    return _cols(X, kernel, 1, padding)


def im2col__window_starts_at_i(X, kernel, stride=1, padding=0):
    """There are as many rows as the stride asks for, but your windows are one pixel apart. Where
    does the window of place i begin?"""
    h2, w2 = (_size(size, kernel, stride, padding) for size in np.shape(X)[2:])
    windows = _windows(_pad(X, padding), kernel)[:, :, :h2, :w2]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(len(X) * h2 * w2, -1)


def im2col__padding_ignored(X, kernel, stride=1, padding=0):
    """The padding makes no difference to your rows. Put the zeros around the images first."""
    return _cols(X, kernel, stride) if min(np.shape(X)[2:]) >= kernel else np.zeros(
        (0, np.shape(X)[1] * kernel ** 2))


def im2col__padding_before_only(X, kernel, stride=1, padding=0):
    """You put zeros above and on the left only. The frame has four sides."""
    X = np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), (padding, 0), (padding, 0)))
    return _cols(X, kernel, stride) if min(X.shape[2:]) >= kernel else np.zeros(
        (0, X.shape[1] * kernel ** 2))


def im2col__padding_of_all_axes(X, kernel, stride=1, padding=0):
    """You pad all four axes, so there are images and channels of zeros, too, and yours have moved.
    Only the rows and the columns get zeros: `np.pad` takes a pair for each axis."""
    n, c = np.shape(X)[:2]
    padded = np.pad(np.asarray(X, dtype=float), padding)[:n, :c]
    return _cols(padded, kernel, stride)


def im2col__places_without_padding(X, kernel, stride=1, padding=0):
    """Your windows come from the padded images, but you count the places of the images without
    their frame. How many rows and columns does a padded image have?"""
    h2, w2 = (max(0, (side - kernel) // stride + 1) for side in np.shape(X)[2:])
    if h2 * w2 == 0:
        return np.array([])
    windows = _windows(_pad(X, padding), kernel, stride)[:, :, :h2, :w2]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(
        len(X) * h2 * w2, np.shape(X)[1] * kernel ** 2)


def im2col__padding_repeats_the_border(X, kernel, stride=1, padding=0):
    """Your frame repeats the pixels of the border. It should be zeros."""
    return _cols(_pad(X, padding, "edge"), kernel, stride)


def im2col__windows_side_by_side(X, kernel, stride=1, padding=0):
    """Your windows are side by side, as in pooling. With stride 1 they overlap: the next one
    begins one pixel further."""
    return _cols(X, kernel, kernel * stride, padding)


def im2col__last_places_missing(X, kernel, stride=1, padding=0):
    """The windows at the bottom and on the right are missing: your loops end one place too early.
    Which is the last row at which a window may begin?"""
    return _cols(_pad(X, padding)[:, :, :-1, :-1], kernel, stride) if min(
        np.shape(X)[2:]) + 2 * padding > kernel else np.zeros((0,))


def im2col__first_image_only(X, kernel, stride=1, padding=0):
    """You have the windows of the first image only."""
    return _cols(np.asarray(X)[:1], kernel, stride, padding)


def im2col__mirrored(X, kernel, stride=1, padding=0):
    """Each of your windows is read from its end. Begin at its upper left corner."""
    cols = _cols(X, kernel, stride, padding)
    return cols.reshape(len(cols), -1, kernel * kernel)[:, :, ::-1].reshape(cols.shape)


def im2col__six_axes(X, kernel, stride=1, padding=0):
    """Your result has six axes. It should be a matrix: one row for each window."""
    return np.ascontiguousarray(_axes(X, kernel, stride, padding, "nijcuv")[0])


def im2col__whole_numbers(X, kernel, stride=1, padding=0):
    """For whole numbers, your rows are whole numbers too. The docstring promises float64."""
    return _cols(X, kernel, stride, padding).astype(np.asarray(X).dtype)


def im2col__no_return(X, kernel, stride=1, padding=0):
    """Your function gives back None: it gets to its end without a `return`."""


# col2im


def inputs_col2im(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, *rest in (((2, 2, 3, 4), 2), ((1, 2, 3, 3), 2), ((1, 1, 5, 6), 2, 2),
                         ((1, 2, 2, 3), 3, 1, 1), ((2, 2, 5, 5), 2, 2, 1), ((2, 3, 2, 2), 1)):
        yield rng.normal(size=_cols(np.zeros(shape), *rest).shape), shape, *rest
    yield [[1, 2, 3, 4], [5, 6, 7, 8]], (1, 1, 2, 3), 2


def fresh_col2im(draw):
    n, c = draw.sizes("n", "c")
    k = draw.integer(1, 3)
    stride, padding, h, w = _padding(draw, k)
    places = _size(h, k, stride, padding) * _size(w, k, stride, padding)
    return draw.array(n * places, c * k * k), (n, c, h, w), k, stride, padding


def _six(cols, shape, kernel, stride=1, padding=0):
    n, c, h, w = shape
    return np.asarray(cols, dtype=float).reshape(
        n, _size(h, kernel, stride, padding), _size(w, kernel, stride, padding), c, kernel, kernel)


def _lay(six, shape, stride, padding, put=lambda old, new: old + new, cut=True):
    """Rows with axes (n, i, j, c, u, v), laid on their places."""
    n, c, h, w = shape
    _, h2, w2, _, k, _ = six.shape
    X = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for i in range(h2):
        for j in range(w2):
            at = (..., slice(i * stride, i * stride + k), slice(j * stride, j * stride + k))
            X[at] = put(X[at], six[:, i, j])
    return X[:, :, padding:padding + h, padding:padding + w] if cut else X


def _back(cols, shape, kernel, stride=1, padding=0, **how):
    return _lay(_six(cols, shape, kernel, stride, padding), shape, stride, padding, **how)


def col2im__last_one_only(cols, shape, kernel, stride=1, padding=0):
    """Where windows overlap, your later ones replace the earlier ones. A pixel was copied into all
    of them: `=` forgets."""
    return _back(cols, shape, kernel, stride, padding, put=lambda old, new: new)


def col2im__first_one_only(cols, shape, kernel, stride=1, padding=0):
    """Where windows overlap, only the first one counts in your result. What comes back from all
    of them is added up."""
    return _back(cols, shape, kernel, stride, padding,
                 put=lambda old, new: np.where(old == 0, new, old))


def col2im__mean_of_overlaps(cols, shape, kernel, stride=1, padding=0):
    """You take the mean where windows overlap. Gradients of copies are *added up*."""
    counts = _back(np.ones(np.shape(cols)), shape, kernel, stride, padding)
    return _back(cols, shape, kernel, stride, padding) / np.maximum(counts, 1)


def col2im__largest_of_overlaps(cols, shape, kernel, stride=1, padding=0):
    """You keep the larger number where windows overlap. What comes back is added up."""
    return _back(cols, shape, kernel, stride, padding, put=np.maximum)


def col2im__padding_kept(cols, shape, kernel, stride=1, padding=0):
    """Your images still have their frame. It wasn't part of them: cut it off at the end."""
    return _back(cols, shape, kernel, stride, padding, cut=False)


def col2im__cut_at_the_wrong_end(cols, shape, kernel, stride=1, padding=0):
    """With padding, everything in your result is moved by it, down and to the right. The first
    window begins in the frame, above and on the left of the image: on which sides do you have to
    cut?"""
    return _back(cols, shape, kernel, stride, padding, cut=False)[:, :, :shape[2], :shape[3]]


def col2im__cut_before_only(cols, shape, kernel, stride=1, padding=0):
    """You cut the padding off above and on the left, but not below and on the right."""
    return _back(cols, shape, kernel, stride, padding, cut=False)[:, :, padding:, padding:]


def col2im__nothing_left_without_padding(cols, shape, kernel, stride=1, padding=0):
    """With a padding of 0, your result is empty: `-0` is 0, so `0:-0` takes nothing. Say where the
    image ends: `padding` plus its height, or its width."""
    X = _back(cols, shape, kernel, stride, padding, cut=False)
    return X[:, :, padding:-padding, padding:-padding]


def col2im__rows_of_the_first_image(cols, shape, kernel, stride=1, padding=0):
    """All your images are made of the first image's rows. The second image goes on where the first
    one ended: don't start counting again."""
    six = _six(cols, shape, kernel, stride, padding)
    return _lay(np.repeat(six[:1], len(six), axis=0), shape, stride, padding)


def col2im__channels_last_in_a_row(cols, shape, kernel, stride=1, padding=0):
    """You read each row pixel by pixel, as if the channels of a pixel were next to each other. In
    im2col's rows, channel follows channel: (c, u, v)."""
    six = _six(cols, shape, kernel, stride, padding)
    n, h2, w2, c, k, _ = six.shape
    return _lay(six.reshape(n, h2, w2, k, k, c).transpose(0, 1, 2, 5, 3, 4), shape, stride,
                padding)


def col2im__windows_transposed(cols, shape, kernel, stride=1, padding=0):
    """You read each window column by column. im2col has written it row by row."""
    return _lay(_six(cols, shape, kernel, stride, padding).swapaxes(4, 5), shape, stride, padding)


def col2im__images_last(cols, shape, kernel, stride=1, padding=0):
    """You take the rows as if the same place of all images were next to each other. All windows of
    the first image come first."""
    six = _six(cols, shape, kernel, stride, padding)
    n, h2, w2, *rest = six.shape
    return _lay(np.moveaxis(six.reshape(h2, w2, n, *rest), 2, 0), shape, stride, padding)


def col2im__places_column_by_column(cols, shape, kernel, stride=1, padding=0):
    """You take the rows as if they went through the places column by column. They go row by row: j
    runs faster than i."""
    six = _six(cols, shape, kernel, stride, padding)
    n, h2, w2, *rest = six.shape
    return _lay(six.reshape(n, w2, h2, *rest).swapaxes(1, 2), shape, stride, padding)


def col2im__reshaped_without_moving_axes(cols, shape, kernel, stride=1, padding=0):
    """You reshape the rows as if the channels' axis stood before the places. Reshape to the order
    in which im2col has written them, (n, i, j, c, u, v), and move the axes afterwards."""
    six = _six(cols, shape, kernel, stride, padding)
    n, h2, w2, c, k, _ = six.shape
    return _lay(six.reshape(n, c, h2, w2, k, k).transpose(0, 2, 3, 1, 4, 5), shape, stride,
                padding)


def col2im__window_starts_at_i(cols, shape, kernel, stride=1, padding=0):
    """You lay the windows one pixel apart, whatever the stride. Where does the window of place i
    begin?"""
    return _lay(_six(cols, shape, kernel, stride, padding), shape, 1, padding)


def col2im__mirrored(cols, shape, kernel, stride=1, padding=0):
    """You lay each window on its place upside down. Its first number belongs to its upper left
    pixel."""
    return _lay(_six(cols, shape, kernel, stride, padding)[..., ::-1, ::-1], shape, stride,
                padding)


def col2im__first_image_only(cols, shape, kernel, stride=1, padding=0):
    """Only your first image has anything in it. Go through the windows of all images."""
    X = _back(cols, shape, kernel, stride, padding)
    X[1:] = 0
    return X


def col2im__whole_numbers(cols, shape, kernel, stride=1, padding=0):
    """For whole numbers, your images are whole numbers too. The docstring promises float64."""
    return _back(cols, shape, kernel, stride, padding).astype(np.asarray(cols).dtype)


def col2im__no_return(cols, shape, kernel, stride=1, padding=0):
    """Your function gives back None: it gets to its end without a `return`."""


# conv2d_backward


def inputs_conv2d_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for sizes, *rest in (((2, 2, 3, 2, 3, 4),), ((3, 2, 2, 2, 3, 3),), ((2, 1, 2, 2, 5, 6), 2),
                         ((1, 2, 2, 3, 3, 4), 1, 1), ((2, 2, 3, 2, 5, 5), 2, 1)):
        X, W, b = _case(rng, *sizes)
        yield rng.normal(size=_conv(X, W, b, *rest).shape), X, W, *rest
    yield [[[[1, 2]]]], [[[[1, 2, 3], [4, 5, 6]]]], [[[[1, 0], [2, 1]]]]


def fresh_conv2d_backward(draw):
    n, c, out = draw.sizes("n", "c", "out")
    k = draw.integer(1, 3)
    stride, padding, h, w = _padding(draw, k)
    return (draw.array(n, out, _size(h, k, stride, padding), _size(w, k, stride, padding)),
            draw.array(n, c, h, w), draw.array(out, c, k, k), stride, padding)


def _way_back(dY, X, W, stride=1, padding=0):
    W = np.asarray(W, dtype=float)
    out, k = len(W), W.shape[-1]
    D = np.moveaxis(np.asarray(dY, dtype=float), 1, -1).reshape(-1, out)
    return (_back(D @ W.reshape(out, -1), np.shape(X), k, stride, padding),
            (D.T @ _cols(X, k, stride, padding)).reshape(W.shape), D.sum(axis=0))


def conv2d_backward__dy_only_reshaped(dY, X, W, stride=1, padding=0):
    """You reshape `dY` without moving the kernels' axis to the end, so numbers of different maps
    end up in one row. Look at step 1 of the example again: which numbers belong in the first
    row?"""
    dY, W = np.asarray(dY, dtype=float), np.asarray(W, dtype=float)
    n, out, h2, w2 = dY.shape
    return _way_back(dY.reshape(n, h2, w2, out).transpose(0, 3, 1, 2), X, W, stride, padding)


def conv2d_backward__places_transposed(dY, X, W, stride=1, padding=0):
    """In your rows of `dY`, the places run column by column, and im2col's run row by row. Which
    order of axes should `dY` have before you reshape it?"""
    dY = np.asarray(dY, dtype=float)
    n, out, h2, w2 = dY.shape
    turned = dY.swapaxes(2, 3).reshape(n, out, h2, w2)
    return _way_back(turned, X, W, stride, padding)


def conv2d_backward__kernels_axis_first(dY, X, W, stride=1, padding=0):
    """You move the kernels' axis to the front before you reshape to rows. A row has the numbers of
    *all kernels* at one place, so their axis has to be the last one."""
    dY = np.asarray(dY, dtype=float)
    n, out, h2, w2 = dY.shape
    D = np.swapaxes(dY, 0, 1).reshape(-1, out)
    return _way_back(D.reshape(n, h2, w2, out).transpose(0, 3, 1, 2), X, W, stride, padding)


def conv2d_backward__dw_reshaped_untransposed(dY, X, W, stride=1, padding=0):
    """Your `dW` has the right numbers in the wrong places: the matrix that you reshape has a column
    for each kernel. It needs a *row* for each kernel."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW.reshape(len(dW), -1).T.reshape(dW.shape), db


def conv2d_backward__kernel_mirrored(dY, X, W, stride=1, padding=0):
    """Your `dX` uses mirrored kernels. Texts that write it as a convolution of `dY` mirror them,
    and with a mirrored convolution that cancels. Laying each kernel back on its window needs no
    mirror."""
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return _way_back(dY, X, np.asarray(W)[..., ::-1, ::-1], stride, padding)[0], dW, db


def conv2d_backward__dw_mirrored(dY, X, W, stride=1, padding=0):
    """Your `dW` is mirrored. The first weight lies on the upper left pixel of each window."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW[..., ::-1, ::-1], db


def conv2d_backward__dx_still_padded(dY, X, W, stride=1, padding=0):
    """Your `dX` still has its frame. The zeros weren't part of X: `dX` has X's shape."""
    W = np.asarray(W, dtype=float)
    D = np.moveaxis(np.asarray(dY, dtype=float), 1, -1).reshape(-1, len(W))
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return _back(D @ W.reshape(len(W), -1), np.shape(X), W.shape[-1], stride, padding,
                 cut=False), dW, db


def conv2d_backward__dx_cut_at_the_wrong_end(dY, X, W, stride=1, padding=0):
    """You cut the padding off from `dX` below and on the right only, so everything is moved by it.
    The frame has four sides."""
    padded, dW, db = conv2d_backward__dx_still_padded(dY, X, W, stride, padding)
    return padded[:, :, :np.shape(X)[2], :np.shape(X)[3]], dW, db


def conv2d_backward__dw_mean_over_images(dY, X, W, stride=1, padding=0):
    """Your `dW` is divided by the number of images. The 1/n of the mean loss is in `dY` already:
    add up."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW / len(X), db


def conv2d_backward__dw_and_db_mean_over_images(dY, X, W, stride=1, padding=0):
    """Your `dW` and `db` are divided by the number of images. The 1/n of the mean loss is in `dY`
    already: add up."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW / len(X), db / len(X)


def conv2d_backward__dw_mean_over_places(dY, X, W, stride=1, padding=0):
    """Your `dW` is a mean over all the places. The weight was used at each of them, so their parts
    are added up."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW * len(db) / np.size(dY), db


def conv2d_backward__db_mean(dY, X, W, stride=1, padding=0):
    """Your `db` is a mean. The bias was added at every place of every image, so all that comes back
    is added up."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW, db * len(db) / np.size(dY)


def conv2d_backward__db_over_the_kernels(dY, X, W, stride=1, padding=0):
    """Your `db` sums over the kernels' axis. Each kernel has its own bias: sum over all the other
    axes."""
    dX, dW, _ = _way_back(dY, X, W, stride, padding)
    return dX, dW, np.asarray(dY, dtype=float).sum(axis=(1, 2, 3))


def conv2d_backward__db_for_each_image(dY, X, W, stride=1, padding=0):
    """Your `db` has a row for each image. There is one bias for each kernel: sum over the images
    as well."""
    dX, dW, _ = _way_back(dY, X, W, stride, padding)
    return dX, dW, np.asarray(dY, dtype=float).sum(axis=(2, 3))


def conv2d_backward__db_over_the_rows(dY, X, W, stride=1, padding=0):
    """Your `db` has a number for each place: you add up the rows of the matrix. Each kernel has one
    bias, and a kernel is a column."""
    dX, dW, _ = _way_back(dY, X, W, stride, padding)
    return dX, dW, np.asarray(dY, dtype=float).sum(axis=1).ravel()


def conv2d_backward__db_one_number(dY, X, W, stride=1, padding=0):
    """Your `db` is a single number. Each kernel has its own bias, so keep the kernels apart."""
    dX, dW, _ = _way_back(dY, X, W, stride, padding)
    return dX, dW, float(np.sum(dY))


def conv2d_backward__stride_ignored(dY, X, W, stride=1, padding=0):
    """You go back as if the windows were one pixel apart, whatever the stride. Which windows did
    the forward pass look at?"""
    dY, W = np.asarray(dY, dtype=float), np.asarray(W, dtype=float)
    (n, c, h, w), (_, out, h2, w2), k = np.shape(X), dY.shape, W.shape[-1]
    D = np.moveaxis(dY, 1, -1).reshape(-1, out)
    windows = _windows(_pad(X, padding), k)[:, :, :h2, :w2].transpose(0, 2, 3, 1, 4, 5)
    six = (D @ W.reshape(out, -1)).reshape(n, h2, w2, c, k, k)
    return (_lay(six, (n, c, h, w), 1, padding),
            (D.T @ windows.reshape(n * h2 * w2, -1)).reshape(W.shape), D.sum(axis=0))


def conv2d_backward__dx_stride_ignored(dY, X, W, stride=1, padding=0):
    """In your `dX`, the windows are laid one pixel apart, whatever the stride. (Your `dW` uses the
    right ones.) Where did the window of place i begin in the forward pass?"""
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return conv2d_backward__stride_ignored(dY, X, W, stride, padding)[0], dW, db


def conv2d_backward__col2im_without_stride_and_padding(dY, X, W, stride=1, padding=0):
    """Your `dX` puts the rows back without the stride and the padding of the forward pass. Which
    arguments does `col2im` take?"""
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return _back(_rows_back(dY, W), np.shape(X), np.shape(W)[-1]), dW, db


def conv2d_backward__col2im_by_a_loop_without_stride_and_padding(dY, X, W, stride=1, padding=0):
    """Your `dX` puts the rows back without the stride and the padding of the forward pass. Which
    arguments does `col2im` take?"""
    (n, _, h, w), k, rows = np.shape(X), np.shape(W)[-1], _rows_back(dY, W)
    places = n * _size(h, k) * _size(w, k)
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return _back(rows[np.arange(places)], np.shape(X), k), dW, db


def _rows_back(dY, W):
    """The gradient of im2col's rows."""
    W = np.asarray(W, dtype=float)
    D = np.moveaxis(np.asarray(dY, dtype=float), 1, -1).reshape(-1, len(W))
    return D @ W.reshape(len(W), -1)


def conv2d_backward__overlaps_overwritten(dY, X, W, stride=1, padding=0):
    """In your `dX`, a later window replaces what an earlier one brought. A pixel in several windows
    gets a part from each: add them up."""
    W = np.asarray(W, dtype=float)
    D = np.moveaxis(np.asarray(dY, dtype=float), 1, -1).reshape(-1, len(W))
    _, dW, db = _way_back(dY, X, W, stride, padding)
    return _back(D @ W.reshape(len(W), -1), np.shape(X), W.shape[-1], stride, padding,
                 put=lambda old, new: new), dW, db


def conv2d_backward__last_kernel_only(dY, X, W, stride=1, padding=0):
    """Only the last kernel has a part in your `dX`: inside the loop over the kernels, `=` forgets
    the earlier ones."""
    _, dW, db = _way_back(dY, X, W, stride, padding)
    dX, _, _ = _way_back(np.asarray(dY)[:, -1:], X, np.asarray(W)[-1:], stride, padding)
    return dX, dW, db


def conv2d_backward__last_image_only(dY, X, W, stride=1, padding=0):
    """Only the last image has a part in your `dW` and `db`: inside the loop over the images, `=`
    forgets the earlier ones."""
    dX, _, _ = _way_back(dY, X, W, stride, padding)
    _, dW, db = _way_back(np.asarray(dY)[-1:], np.asarray(X)[-1:], W, stride, padding)
    return dX, dW, db


def conv2d_backward__dw_without_padding(dY, X, W, stride=1, padding=0):
    """Your `dW` multiplies by the pixels as if the image had no frame, so they don't belong to the
    windows of the forward pass. Use the padded images."""
    dX, _, db = _way_back(dY, X, W, stride, padding)
    X, p = np.asarray(X, dtype=float), padding
    moved = np.zeros((*X.shape[:2], X.shape[2] + 2 * p, X.shape[3] + 2 * p))
    moved[:, :, :X.shape[2], :X.shape[3]] = X
    return dX, _way_back(dY, moved, W, stride)[1], db


def conv2d_backward__rows_not_images(dY, X, W, stride=1, padding=0):
    """Your `dX` is still the matrix of windows. Lay its rows back on their places: which of your
    functions does that?"""
    W = np.asarray(W, dtype=float)
    D = np.moveaxis(np.asarray(dY, dtype=float), 1, -1).reshape(-1, len(W))
    return D @ W.reshape(len(W), -1), *_way_back(dY, X, W, stride, padding)[1:]


def conv2d_backward__dw_flat(dY, X, W, stride=1, padding=0):
    """Your `dW` is still a matrix with one row for each kernel. Reshape it to the shape of W."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dX, dW.reshape(len(dW), -1), db


def conv2d_backward__order_of_the_results(dY, X, W, stride=1, padding=0):
    """Your results come in another order. The docstring says (dX, dW, db)."""
    dX, dW, db = _way_back(dY, X, W, stride, padding)
    return dW, db, dX


def conv2d_backward__dy_not_used(dY, X, W, stride=1, padding=0):
    """The numbers in `dY` make no difference to your gradients. What arrives has to be multiplied
    in, place by place."""
    return _way_back(np.ones(np.shape(dY)), X, W, stride, padding)


def conv2d_backward__no_return(dY, X, W, stride=1, padding=0):
    """Your function gives back None: it gets to its end without a `return`."""


# maxpool_forward


def inputs_maxpool_forward(rng: np.random.Generator) -> Iterator[tuple]:
    yield (rng.normal(size=(2, 2, 4, 6)),)
    yield (rng.normal(size=(1, 2, 5, 7)),)
    yield (-rng.uniform(1.0, 2.0, size=(1, 1, 4, 4)),)
    yield rng.normal(size=(2, 1, 6, 7)), 3
    yield rng.normal(size=(1, 1, 2, 2)), 1
    yield ([[[[1, 2, 3], [4, 5, 6]]]],)


def _pool_case(draw):
    n, c = draw.sizes("n", "c")
    size = draw.integer(1, 3)
    return n, c, size + draw.integer(0, 5), size + draw.integer(0, 5), size


def fresh_maxpool_forward(draw):
    n, c, h, w, size = _pool_case(draw)
    return draw.array(n, c, h, w), size


def _squares(X, size=2):
    """(n, c, h2, w2, size, size)."""
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    h2, w2 = h // size, w // size
    return X[:, :, :h2 * size, :w2 * size].reshape(n, c, h2, size, w2, size).swapaxes(3, 4)


def maxpool_forward__overlapping(X, size=2):
    """Your squares overlap: the next one begins one pixel further. They are side by side."""
    return _windows(X, size).max(axis=(4, 5))


def maxpool_forward__squares_start_at_i(X, size=2):
    """There are as many squares as there should be, but they begin one pixel apart. They are side
    by side: where does the square of row i begin?"""
    X = np.asarray(X, dtype=float)
    h2, w2 = (side // size for side in X.shape[2:])
    return _windows(X, size).max(axis=(4, 5))[:, :, :h2, :w2]


def maxpool_forward__images_and_channels_together(X, size=2):
    """You take the largest number over all images and channels at the same place. They stay apart:
    the maximum is over the rows and columns of a square only."""
    largest = _squares(X, size).max(axis=(0, 1, 4, 5))
    return np.broadcast_to(largest, (*np.shape(X)[:2], *largest.shape)).copy()


def maxpool_forward__rests_not_cut(X, size=2):
    """Where rows or columns are left over, your reshape fails: they don't fill a square. Cut them
    off first."""
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    return X.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))


def maxpool_forward__mean(X, size=2):
    """You take the mean of each square. That is average pooling: here the largest number stays."""
    return _squares(X, size).mean(axis=(4, 5))


def maxpool_forward__smallest(X, size=2):
    """You keep the smallest number of each square. Keep the largest."""
    return _squares(X, size).min(axis=(4, 5))


def maxpool_forward__sum(X, size=2):
    """You add up the numbers of each square. Keep the largest one."""
    return _squares(X, size).sum(axis=(4, 5))


def maxpool_forward__largest_size(X, size=2):
    """You compare the numbers without their signs. −5 is not the largest of −5 and 2."""
    return np.abs(_squares(X, size)).max(axis=(4, 5))


def maxpool_forward__starts_at_zero(X, size=2):
    """Where all numbers of a square are negative, you return 0. Is your search for the largest one
    starting at 0?"""
    return np.maximum(_squares(X, size).max(axis=(4, 5)), 0)


def maxpool_forward__rows_and_columns_mixed(X, size=2):
    """Your reshape cuts each row into pieces of four numbers, so that what it calls a square isn't
    one. Split the height and the width each into two axes of their own."""
    X = _whole(X, size)
    n, c, h, w = X.shape
    return X.reshape(n, c, h // size, w // size, size * size).max(axis=-1)


def _whole(X, size):
    h, w = (side // size * size for side in np.shape(X)[2:])
    return np.asarray(X, dtype=float)[:, :, :h, :w]


def maxpool_forward__rows_and_columns_mixed_uncut(X, size=2):
    """Your reshape cuts each row into pieces, so that what it calls a square isn't one, and it
    fails where rows or columns are left over. Cut these off first; then split the height and the
    width each into two axes of their own."""
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    return X.reshape(n, c, h // size, w // size, size * size).max(axis=-1)


def maxpool_forward__wrong_axes_of_the_reshape(X, size=2):
    """After your reshape, you take the maximum over the wrong axes. Which two of the six count
    *inside* a square?"""
    X = _whole(X, size)
    n, c, h, w = X.shape
    return X.reshape(n, c, size, h // size, size, w // size).max(axis=(2, 4))


def maxpool_forward__rests_kept(X, size=2):
    """You also pool what is left over at the bottom and on the right. Squares that aren't whole are
    left out."""
    X = np.asarray(X, dtype=float)
    h, w = (-side % size for side in X.shape[2:])
    X = np.pad(X, ((0, 0), (0, 0), (0, h), (0, w)), constant_values=-np.inf)
    return _squares(X, size).max(axis=(4, 5))


def maxpool_forward__rests_cut_at_the_beginning(X, size=2):
    """You cut off rows above and columns on the left. Squares begin at the upper left corner, so
    what is left over is at the bottom and on the right."""
    X = np.asarray(X, dtype=float)
    h, w = (side % size for side in X.shape[2:])
    return _squares(X[:, :, h:, w:], size).max(axis=(4, 5))


def maxpool_forward__across_only(X, size=2):
    """You pool across, but not down. A square has `size` rows as well."""
    X = np.asarray(X, dtype=float)
    w = X.shape[3] // size
    return X[..., :w * size].reshape(*X.shape[:3], w, size).max(axis=-1)


def maxpool_forward__upper_left(X, size=2):
    """You keep the upper left number of each square. Keep the largest."""
    return _squares(X, size)[..., 0, 0]


def maxpool_forward__channels_together(X, size=2):
    """You take the largest number over all channels as well. Channels stay apart."""
    return _squares(X, size).max(axis=(1, 4, 5), keepdims=True)[..., 0, 0]


def maxpool_forward__largest_of_all(X, size=2):
    """You return the largest number of each whole map. Each square keeps its own."""
    X = np.asarray(X, dtype=float)
    return X.max(axis=(2, 3), keepdims=True)


def maxpool_forward__size_ignored(X, size=2):
    """Your squares are always 2 × 2. `size` says how large they are."""
    return _squares(X, 2).max(axis=(4, 5))


def maxpool_forward__whole_numbers(X, size=2):
    """For whole numbers, your result is whole numbers too. The docstring promises float64."""
    return _squares(X, size).max(axis=(4, 5)).astype(np.asarray(X).dtype)


def maxpool_forward__no_return(X, size=2):
    """Your function gives back None: it gets to its end without a `return`."""


# maxpool_backward


def inputs_maxpool_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, size in (((2, 2, 4, 6), 2), ((1, 2, 5, 7), 2), ((2, 1, 6, 7), 3), ((1, 1, 4, 4), 2)):
        X = rng.normal(size=shape)
        yield rng.normal(size=_squares(X, size).shape[:4]), X, size
    yield rng.normal(size=(1, 1, 2, 2)), -rng.uniform(1.0, 2.0, size=(1, 1, 4, 4))
    yield (rng.normal(size=(1, 1, 1, 2)),
           np.array([[[[5.0, 1.0, 2.0, 5.0], [2.0, 3.0, 8.0, 1.0]]]]))
    yield [[[[5]]]], [[[[1, 2, 3], [4, 0, 1]]]]


def fresh_maxpool_backward(draw):
    n, c, h, w, size = _pool_case(draw)
    tie_free = draw.rng.permutation(n * c * h * w).reshape(n, c, h, w) - n * c * h * w // 2
    return (draw.array(n, c, h // size, w // size),
            draw.given(tie_free if draw.plan.values == "ints" else tie_free / 2), size)


def _spread(parts, X, size=2):
    """Parts for each number of each square, (n, c, h2, w2, size, size), in X's shape."""
    n, c, h2, w2 = parts.shape[:4]
    dX = np.zeros(np.shape(X))
    dX[:, :, :h2 * size, :w2 * size] = parts.swapaxes(3, 4).reshape(n, c, h2 * size, w2 * size)
    return dX


def _blown(dY):
    return np.asarray(dY, dtype=float)[..., None, None]


def _largest(squares):
    return squares == squares.max(axis=(4, 5), keepdims=True)


def maxpool_backward__to_every_number(dY, X, size=2):
    """Your gradient goes to all the numbers of a square. Which of them had any influence on the
    result?"""
    return _spread(_blown(dY) * np.ones((size, size)), X, size)


def maxpool_backward__squares_start_at_i(dY, X, size=2):
    """You look in the right squares, but write to places that are counted from row i and column j.
    The square of row i begins further down."""
    dX, largest = np.zeros(np.shape(X)), _largest(_squares(X, size))
    for m, c, i, j in np.ndindex(largest.shape[:4]):
        u, v = divmod(int(largest[m, c, i, j].argmax()), size)
        dX[m, c, i + u, j + v] = dY[m][c][i][j]
    return dX


def maxpool_backward__rest_of_x_kept(dY, X, size=2):
    """Where no gradient arrives, your result still has the numbers of X. Begin with zeros."""
    largest = _spread(1.0 * _largest(_squares(X, size)), X, size)
    return np.where(largest == 1, _spread(_blown(dY) * np.ones((size, size)), X, size),
                    np.asarray(X, dtype=float))


def maxpool_backward__rests_not_cut(dY, X, size=2):
    """Where rows or columns are left over, the blown-up arrays are smaller than X. Compare them
    with the part of X that makes whole squares, and leave 0 in the rest."""
    X = np.asarray(X, dtype=float)
    largest = _squares(X, size).max(axis=(4, 5))
    blown, tops = (np.repeat(np.repeat(np.asarray(part, dtype=float), size, axis=2), size, axis=3)
                   for part in (dY, largest))
    return np.where(X == tops, blown, 0.0)


def maxpool_backward__shared_equally(dY, X, size=2):
    """You divide the gradient among the numbers of a square. That belongs to average pooling: here
    only the largest one had any influence."""
    return _spread(_blown(dY) * np.full((size, size), 1 / size ** 2), X, size)


def maxpool_backward__largest_of_all(dY, X, size=2):
    """Only the largest number of each whole map gets a gradient. Each square has its own largest
    number."""
    squares = _squares(X, size)
    top = np.asarray(X, dtype=float).max(axis=(2, 3))[:, :, None, None, None, None]
    return _spread(_blown(dY) * (squares == top), X, size)


def maxpool_backward__equal_numbers_elsewhere(dY, X, size=2):
    """A number gets a gradient if it is the largest of *some* square, even if it stands in another
    one. Compare each number with the largest of its own square."""
    squares = _squares(X, size)
    return _spread(_blown(dY) * np.isin(squares, squares.max(axis=(4, 5))), X, size)


def maxpool_backward__shape_of_dy(dY, X, size=2):
    """Your result has the shape of `dY`. The gradient of X has X's shape, with zeros where a number
    had no influence."""
    return np.array(dY, dtype=float)


def maxpool_backward__rests_missing(dY, X, size=2):
    """Your result lacks the rows and columns that were left over. They had no influence, so their
    gradient is 0, but they are part of X."""
    parts = _blown(dY) * _largest(_squares(X, size))
    n, c, h2, w2 = parts.shape[:4]
    return parts.swapaxes(3, 4).reshape(n, c, h2 * size, w2 * size)


def maxpool_backward__dy_not_used(dY, X, size=2):
    """You have ones where the gradient should be. The largest number of a square gets what arrived
    for that square."""
    return _spread(1.0 * _largest(_squares(X, size)), X, size)


def maxpool_backward__times_the_number(dY, X, size=2):
    """You multiply the gradient by the largest number. How fast does the maximum rise as its
    largest number rises?"""
    squares = _squares(X, size)
    return _spread(_blown(dY) * _largest(squares) * squares, X, size)


def maxpool_backward__values_not_gradients(dY, X, size=2):
    """You return the largest numbers at their places. It is the *gradient* that goes there."""
    squares = _squares(X, size)
    return _spread(_largest(squares) * squares, X, size)


def maxpool_backward__to_the_first(dY, X, size=2):
    """Your gradient always goes to the upper left number of a square. It goes to the largest."""
    parts = np.zeros((*np.shape(dY), size, size))
    parts[..., 0, 0] = dY
    return _spread(parts, X, size)


def maxpool_backward__to_the_smallest(dY, X, size=2):
    """Your gradient goes to the smallest number of each square. It goes to the largest."""
    return _spread(_blown(dY) * _largest(-_squares(X, size)), X, size)


def maxpool_backward__to_the_largest_size(dY, X, size=2):
    """Your gradient goes to the number that is furthest from 0. −5 is not the largest of −5 and
    2."""
    return _spread(_blown(dY) * _largest(np.abs(_squares(X, size))), X, size)


def maxpool_backward__all_but_the_largest(dY, X, size=2):
    """Your mask is the wrong way around: the largest number gets 0, and the others the gradient."""
    return _spread(_blown(dY) * ~_largest(_squares(X, size)), X, size)


def maxpool_backward__row_and_column_swapped(dY, X, size=2):
    """Inside a square, row and column have changed places. `argmax` counts along the rows:
    divmod(place, size) gives the row first."""
    parts = _blown(dY) * _largest(_squares(X, size))
    return _spread(parts.swapaxes(4, 5), X, size)


def maxpool_backward__rows_of_two(dY, X, size=2):
    """Right for squares of 2 × 2, but in larger ones you look for the row and the column as if a
    row always had two numbers. How many does it have?"""
    dX, largest = np.zeros(np.shape(X)), _largest(_squares(X, size))
    for m, c, i, j in np.ndindex(largest.shape[:4]):
        u, v = divmod(int(largest[m, c, i, j].argmax()), 2)
        dX[m, c, i * size + u, j * size + v] = dY[m][c][i][j]
    return dX


def maxpool_backward__rows_and_columns_mixed(dY, X, size=2):
    """Your reshape cuts each row into pieces of four numbers, so that what it calls a square isn't
    one. Split the height and the width each into two axes of their own."""
    whole = _whole(X, size)
    n, c, h, w = whole.shape
    pieces = whole.reshape(n, c, h // size, w // size, size * size)
    parts = (pieces == pieces.max(axis=-1, keepdims=True)) * _blown(dY)[..., 0]
    dX = np.zeros(np.shape(X))
    dX[:, :, :h, :w] = parts.reshape(n, c, h, w)
    return dX


def maxpool_backward__size_ignored(dY, X, size=2):
    """Your squares are always 2 × 2. `size` says how large they are."""
    parts = _largest(_squares(X, 2))
    h, w = (min(a, b) for a, b in zip(parts.shape[2:4], np.shape(dY)[2:], strict=True))
    return _spread(_blown(dY)[:, :, :h, :w] * parts[:, :, :h, :w], X, 2)


def maxpool_backward__whole_numbers(dY, X, size=2):
    """For whole numbers, your result is whole numbers too. The docstring promises float64."""
    return _spread(_blown(dY) * _largest(_squares(X, size)), X, size).astype(np.asarray(X).dtype)


def maxpool_backward__no_return(dY, X, size=2):
    """Your function gives back None: it gets to its end without a `return`."""


# count_conv_params


def inputs_count_conv_params(rng: np.random.Generator) -> Iterator[tuple]:
    yield from ((1, 2, 3), (3, 4, 5), (5, 2, 1), (2, 7, 4))


def fresh_count_conv_params(draw):
    c_in, c_out = draw.sizes("c_in", "c_out")
    return c_in, c_out, draw.integer(1, 5)


def count_conv_params__no_biases(c_in, c_out, kernel):
    """You count the weights only. What else does each kernel have?"""
    return c_out * c_in * kernel ** 2


def count_conv_params__kernel_not_squared(c_in, c_out, kernel):
    """You count one row of each kernel. How many rows does it have?"""
    return c_out * (c_in * kernel + 1)


def count_conv_params__one_channel(c_in, c_out, kernel):
    """Your number doesn't depend on the channels that come in. A kernel has weights for each of
    them."""
    return c_out * (kernel ** 2 + 1)


def count_conv_params__one_kernel(c_in, c_out, kernel):
    """Your number doesn't depend on how many kernels there are. Each has weights of its own."""
    return c_in * kernel ** 2 + 1


def count_conv_params__weights_of_one_kernel(c_in, c_out, kernel):
    """You count the biases of all kernels, but the weights of one. Each kernel has weights of its
    own."""
    return c_in * kernel ** 2 + c_out


def count_conv_params__one_bias_for_all(c_in, c_out, kernel):
    """You count one bias for the whole layer. Each kernel has its own."""
    return c_out * c_in * kernel ** 2 + 1


def count_conv_params__a_bias_for_each_input(c_in, c_out, kernel):
    """You count a bias for each channel that comes in. There is one for each that goes out."""
    return c_out * c_in * kernel ** 2 + c_in


def count_conv_params__a_bias_for_each_pair(c_in, c_out, kernel):
    """You count a bias for each channel of each kernel. A kernel adds up over its channels and has
    one bias."""
    return c_out * c_in * (kernel ** 2 + 1)


def count_conv_params__a_bias_for_each_weight(c_in, c_out, kernel):
    """You count more biases than there are: one for each weight of a channel. A kernel has one
    bias."""
    return c_out * (c_in + 1) * kernel ** 2


def count_conv_params__kernel_one_larger(c_in, c_out, kernel):
    """You count the bias by making the kernel one larger on each side. A kernel has one bias, and
    it doesn't depend on the kernel's size."""
    return c_out * c_in * (kernel + 1) ** 2


def count_conv_params__a_bias_for_each_row(c_in, c_out, kernel):
    """You count a bias for each row of a kernel. A whole kernel has one."""
    return c_out * (c_in * kernel ** 2 + kernel)


def count_conv_params__biases_twice(c_in, c_out, kernel):
    """You count the biases twice. How many does each kernel have?"""
    return c_out * (c_in * kernel ** 2 + 2)


def count_conv_params__a_float(c_in, c_out, kernel):
    """The number is right, but it is a float. A number of parameters is an int."""
    return float(c_out * (c_in * kernel ** 2 + 1))


def count_conv_params__added_up(c_in, c_out, kernel):
    """You add the channels that come in and those that go out. Each kernel has weights for each
    channel: what has to be multiplied?"""
    return (c_in + c_out) * kernel ** 2 + c_out


def count_conv_params__no_return(c_in, c_out, kernel):
    """Your function gives back None: it gets to its end without a `return`."""


# receptive_field


def inputs_receptive_field(rng: np.random.Generator) -> Iterator[tuple]:
    for layers in ([], [(5, 1)], [(3, 2)], [(3, 1), (3, 1)], [(3, 1), (2, 2), (3, 1)],
                   [(2, 3), (5, 1), (3, 2)], [(3, 2), (3, 2), (3, 1)], [(4, 3), (1, 2), (5, 2)]):
        yield (layers,)


def fresh_receptive_field(draw):
    return ([(draw.integer(1, 5), draw.integer(1, 3)) for _ in range(draw.integer(0, 4))],)


def _field(layers):
    field, apart = 1, 1
    for kernel, stride in layers:
        field, apart = field + (kernel - 1) * apart, apart * stride
    return field


def receptive_field__sum_of_kernels(layers):
    """You add up the kernels. Windows that lie next to each other overlap: by how much does a
    second kernel of 3 make the field larger?"""
    return sum(kernel for kernel, _ in layers) if layers else 1


def receptive_field__strides_ignored(layers):
    """The strides make no difference to your answer. After a stride of 2, how many pixels apart are
    neighbors?"""
    return 1 + sum(kernel - 1 for kernel, _ in layers)


def receptive_field__product_of_kernels(layers):
    """Your field grows by a factor of the kernel each time. Windows that lie next to each other
    overlap, so a second kernel of 3 doesn't triple the field."""
    return int(np.prod([kernel for kernel, _ in layers]))


def receptive_field__from_the_output(layers):
    """Your answer would be right for the list in reverse. It begins at the input: a layer's steps
    are made longer by the strides of the layers *before* it, not by those after it."""
    return _field(list(layers)[::-1])


def receptive_field__off_by_one(layers):
    """You have one too few: the number itself counts as well. What should be returned without any
    layer?"""
    return _field(layers) - 1


def receptive_field__own_stride_too_early(layers):
    """You let a layer's own stride make its kernel's steps longer. Its stride says how far apart
    its *results* are: it counts from the next layer on."""
    field, apart = 1, 1
    for kernel, stride in layers:
        apart *= stride
        field += (kernel - 1) * apart
    return field


def receptive_field__last_stride_only(layers):
    """Only the stride of the layer right before counts in your answer. The strides of all earlier
    layers multiply."""
    field, before = 1, 1
    for kernel, stride in layers:
        field, before = field + (kernel - 1) * before, stride
    return field


def receptive_field__own_stride_only(layers):
    """You multiply each kernel's steps by that layer's own stride. What counts is how far apart its
    inputs are: the strides of the layers *before* it, multiplied."""
    return 1 + sum((kernel - 1) * stride for kernel, stride in layers)


def receptive_field__pairs_swapped(layers):
    """You take the first number of each pair for the stride. The list has (kernel, stride)."""
    return _field([(kernel, stride) for stride, kernel in layers])


def receptive_field__strides_added(layers):
    """You add the strides up. After two strides of 3, neighbors are 9 pixels apart: they
    multiply."""
    field, apart = 1, 1
    for kernel, stride in layers:
        field, apart = field + (kernel - 1) * apart, apart + stride - 1
    return field


def receptive_field__strides_added_to_one(layers):
    """You add each stride to the distance, so even strides of 1 push neighbors apart. By what
    factor does a stride change how far apart neighbors are?"""
    field, apart = 1, 1
    for kernel, stride in layers:
        field, apart = field + (kernel - 1) * apart, apart + stride
    return field


def receptive_field__fails_without_layers(layers):
    """For an empty list, your function fails: it looks at a first layer that isn't there. Without
    any layer, a number is one pixel."""
    field, apart = layers[0]
    for kernel, stride in layers[1:]:
        field, apart = field + (kernel - 1) * apart, apart * stride
    return field


def receptive_field__whole_kernel_each_time(layers):
    """You add the whole kernel at each layer. Its first number is in the field already: only its
    steps to the side make it larger."""
    field, apart = 1, 1
    for kernel, stride in layers:
        field, apart = field + kernel * apart, apart * stride
    return field


def receptive_field__start_at_zero(layers):
    """For an empty list you return 0. Without any layer, a number is one pixel."""
    return _field(layers) if layers else 0


def receptive_field__last_layer_missing(layers):
    """Your answer doesn't depend on the last layer's kernel. Go through the whole list."""
    return _field(list(layers)[:-1])


def receptive_field__area(layers):
    """You return the number of pixels in the square. The docstring asks for its side."""
    return _field(layers) ** 2


def receptive_field__grows_by_the_stride(layers):
    """You multiply the field by each stride. What grows by that factor is the distance between
    neighbors, and it matters for later layers only."""
    field = 1
    for kernel, stride in layers:
        field = field * stride + kernel - 1
    return field


def receptive_field__a_float(layers):
    """The number is right, but it is a float. A number of pixels is an int."""
    return float(_field(layers))


def receptive_field__empties_the_list(layers):
    """The number is right, but your function has emptied the list, which belongs to the caller.
    Read it without changing it."""
    found = _field(layers)
    layers.clear()
    return found


def receptive_field__no_return(layers):
    """Your function gives back None: it gets to its end without a `return`."""
