"""The arrays of a message: which memory they share, and how it gets into bytes and back.

Arrays whose memory overlaps lie in one *region*. Only the elements of the arrays travel; what
lies between the elements of a strided view is sent as zeros, so that a column of a table does
not bring the others along. Everything that is read is checked against what was sent before
memory is taken or touched. Writing and reading stay in one file, since each check of the one
answers a line of the other.
"""

import struct
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Any, Literal, NamedTuple

import numpy as np

MAX_DIMENSIONS = 32
# Bytes taken by an array without its elements, by each of its dimensions, by a region: at most.
ARRAY_COST, DIMENSION_COST, REGION_COST = 512, 256, 512

Array = np.ndarray[Any, Any]
Spend = Callable[[int, int], None]  # items, bytes; raises Refused when the message has no more

DTYPES = [np.dtype(kind) for kind in ("?", "i1", "u1")] + [
    np.dtype(order + kind) for order in "<>"
    for kind in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")]
CODES = {dtype: code for code, dtype in enumerate(DTYPES)}

_COUNTS = struct.Struct("<III")  # arrays, new regions, regions known from the call
_ARRAY = struct.Struct("<IqBBB")  # region, offset in it, dtype, flags, dimensions; shape, strides
_WRITEABLE, _C_OWNER, _F_OWNER = 1, 2, 4  # an owner is all of its region and has no strides
_OWNER = _C_OWNER | _F_OWNER
_NOWHERE = 2**32 - 1  # the region of an array without elements
_STEP = 2**20  # bytes compared at a time
_NOTHING = _COUNTS.pack(0, 0, 0)  # the head of a message without arrays


class Refused(Exception):
    """A value that can't be handed over, or a message that can't be read; says why."""


class Placed(NamedTuple):
    """An array, where in its region it begins, and its layout when it was sent or received."""

    array: Array
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Region:
    """Memory that arrays of a call share.

    size: its bytes. low: its first address, looked up when it is asked for: that takes longer than
        all else about a small array.
    """

    __slots__ = "_low", "arrays", "memory", "received", "size"

    def __init__(self, size: int, low: int | None = None) -> None:
        self.size, self._low = size, low
        self.arrays: list[Placed] = []
        self.memory: Array | None = None  # receiver: what owns the memory
        self.received: memoryview | None = None  # receiver: its bytes when it came

    @property
    def low(self) -> int:
        """Its first address."""
        if self._low is None:
            first = self.arrays[0].array if self.memory is None else self.memory
            self._low = int(first.ctypes.data)
        return self._low

    def place(self, array: Array, offset: int) -> None:
        """Note that an array lies in this region."""
        self.arrays.append(Placed(array, offset, array.dtype, array.shape, array.strides))


def pack(arrays: list[Array], known: list[Region],
         spend: Spend) -> tuple[bytes, list[Any], list[Region]]:
    """A head that says where each array lies, the contents of the regions, and the new regions.

    known: the regions of the call that is replied to, at its receiver.
    """
    if not (arrays or known):
        return _NOTHING, [], []
    changed = bytes(map(_changed, known))
    contents = [region.memory for region, flag in zip(known, changed, strict=True) if flag]
    records: list[bytes] = []
    new: list[Region] = []
    if all(array.base is None and _is_contiguous(array)
           and not any(array is region.memory for region in known) for array in arrays):
        _pack_owners(arrays, len(known), records, contents, new)
    else:
        _pack_any(arrays, known, spend, records, contents, new)
    sizes = _sizes(len(new)).pack(*[region.size for region in new])
    head = b"".join((_COUNTS.pack(len(arrays), len(new), len(known)), changed, sizes, *records))
    return head, contents, new


def _pack_owners(arrays: list[Array], number: int, records: list[bytes], contents: list[Any],
                 new: list[Region]) -> None:
    """Write arrays of which each owns its memory, so that no two overlap: a region for each."""
    for array in arrays:
        flags, shape = array.flags, array.shape
        in_c = flags.c_contiguous
        how = (_C_OWNER if in_c else _F_OWNER) | (_WRITEABLE if flags.writeable else 0)
        where = _NOWHERE
        if array.size:
            where = number + len(new)
            region = Region(array.nbytes)
            region.place(array, 0)
            new.append(region)
            contents.append(array if in_c else array.T)
        records.append(_record(len(shape), 0).pack(
            where, 0, CODES[array.dtype], how, len(shape), *shape))


def _pack_any(arrays: list[Array], known: list[Region], spend: Spend, records: list[bytes],
              contents: list[Any], new: list[Region]) -> None:
    """Write arrays that may overlap, and lie in memory of the call."""
    where, found = _regions(arrays, known)
    for region in found:
        cover = next((p.array for p in region.arrays if _covers(p.array, region)), None)
        if cover is None:
            spend(0, region.size)
            contents.append(_elements(region))
        else:
            contents.append(cover if cover.flags.c_contiguous else cover.T)
    for array, (number, offset) in zip(arrays, where, strict=True):
        flags = _WRITEABLE if array.flags.writeable else 0
        strides = array.strides
        if number == _NOWHERE or (number >= len(known) and array.flags.owndata
                                  and _covers(array, found[number - len(known)])):
            flags |= _C_OWNER if array.flags.c_contiguous else _F_OWNER
            strides = ()
        records.append(_record(array.ndim, len(strides)).pack(
            number, offset, CODES[array.dtype], flags, array.ndim, *array.shape, *strides))
    new += found


@lru_cache(64)
def _record(lengths: int, strides: int) -> struct.Struct:
    """What is written of an array: `_ARRAY`, its shape, and its strides."""
    return struct.Struct(f"{_ARRAY.format}{lengths}Q{strides}q")


@lru_cache(64)
def _sizes(count: int) -> struct.Struct:
    """The sizes of so many regions."""
    return struct.Struct(f"<{count}Q")


def check(array: Array, what: str) -> None:
    """Refuse an array of a dtype that doesn't travel."""
    if array.dtype not in CODES:
        raise Refused(f"{what} holds an array of dtype {str(array.dtype)[:40]}; arrays of numbers "
                      "or booleans can be handed over (rows of unequal length make no such array).")
    if array.ndim > MAX_DIMENSIONS:
        raise Refused(f"{what} holds an array of {array.ndim} dimensions.")


def _regions(arrays: list[Array],
             known: list[Region]) -> tuple[list[tuple[int, int]], list[Region]]:
    """For each array the number of its region and its offset there; and the new regions."""
    where = [(_NOWHERE, 0)] * len(arrays)
    order = sorted(range(len(known)), key=lambda number: known[number].low)
    lows = [known[number].low for number in order]
    new: list[Region] = []
    spans: list[list[int]] = []  # of each new region: its first address, and the one after it
    members: list[list[tuple[int, int]]] = []  # of each: index of the array, address
    for low, high, start, index in sorted(
            (*_bounds(array), index) for index, array in enumerate(arrays) if array.size):
        below = bisect_right(lows, low) - 1
        if below >= 0 and high <= lows[below] + known[order[below]].size:
            where[index] = order[below], start - known[order[below]].low
        elif spans and low < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], high)
            members[-1].append((index, start))
        else:
            spans.append([low, high])
            members.append([(index, start)])
    for number, ((low, high), inside) in enumerate(zip(spans, members, strict=True),
                                                   start=len(known)):
        if len(inside) > 1:  # arrays of several dtypes stay aligned
            low -= low % 16
        region = Region(high - low, low)
        new.append(region)
        for index, start in inside:
            where[index] = number, start - low
            region.place(arrays[index], start - low)
    return where, new


def _bounds(array: Array) -> tuple[int, int, int]:
    """Lowest address, the one after the highest, and that of the first element."""
    low = high = start = array.ctypes.data
    for length, stride in zip(array.shape, array.strides, strict=True):
        if stride < 0:
            low += (length - 1) * stride
        else:
            high += (length - 1) * stride
    return low, high + array.itemsize, start


def _covers(array: Array, region: Region) -> bool:
    """Is the array the whole of its region, without gaps?"""
    return array.nbytes == region.size and _is_contiguous(array)


def _is_contiguous(array: Array) -> bool:
    flags = array.flags
    return flags.c_contiguous or flags.f_contiguous


def _elements(region: Region) -> Array:
    """A copy of a region that holds the elements of its arrays, and zeros elsewhere."""
    memory = np.zeros(region.size, np.uint8)
    for array, offset, dtype, shape, strides in region.arrays:
        np.ndarray(shape, dtype, memory, offset, strides)[...] = array
    return memory


def _changed(region: Region) -> bool:
    """Has the memory of a received region been written to? Refuses arrays made into others."""
    assert region.memory is not None
    assert region.received is not None
    for array, _, dtype, shape, strides in region.arrays:
        if (array.dtype, array.shape, array.strides) != (dtype, shape, strides):
            raise Refused("The shape or dtype of an argument was set in place; use `reshape` or "
                          "`astype`, which give another array.")
    return any(region.memory[at:at + _STEP].tobytes() != region.received[at:at + _STEP].tobytes()
               for at in range(0, region.size, _STEP))


class Unpacked(NamedTuple):
    """The arrays of a message, its new regions, and what is to be written into older arrays."""

    arrays: list[Array]
    regions: list[Region]
    changes: list[tuple[Array, Array]]  # an array of the call, its new contents


class _Record(NamedTuple):
    region: int
    offset: int
    dtype: np.dtype[Any]
    flags: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    nbytes: int


def unpack(head: memoryview, contents: memoryview, known: list[Region], spend: Spend) -> Unpacked:
    """Read what `pack` wrote. Raises ValueError, IndexError or struct.error for anything else.

    known: the regions of the call that this replies to, at its sender. They are not written to:
        `changes` is for when the whole message was found good.
    """
    if not known and head == _NOTHING:
        _require(not contents)
        return Unpacked([], [], [])
    count, new, old = _COUNTS.unpack_from(head)
    known = known[:old]  # none where the callee could not say what became of them
    _require(old == len(known) and new <= count)
    spend(count, ARRAY_COST * count + REGION_COST * new)
    at = _COUNTS.size + old
    changed = [region for region, flag in enumerate(head[_COUNTS.size:at]) if flag]
    sizes = [known[region].size for region in changed]
    sizes += _sizes(new).unpack_from(head, at)
    records = _records(head, at + 8 * new, count, spend)
    if not changed and all(record.flags & _OWNER for record in records) and (
            [record.region for record in records if record.nbytes] == [*range(old, old + new)]):
        return _unpack_owners(records, sizes, contents)
    data: dict[int, memoryview] = {}
    start = 0
    for region, size in zip((*changed, *range(old, old + new)), sizes, strict=True):
        data[region] = contents[start:start + size]
        start += size
    _require(start == len(contents))
    owners = {record.region: _owner(record, data[record.region]) for record in records
              if record.flags & _OWNER and record.nbytes}
    regions = [_received(data[number], owners.get(number), spend)
               for number in range(old, old + new)]
    everywhere = known + regions
    homes: dict[int, _Home] = {}
    arrays = []
    for record in records:
        if record.flags & _OWNER:
            array = owners.pop(record.region) if record.nbytes else (
                np.empty(record.shape, record.dtype, _order(record)))
        else:
            region = everywhere[record.region]
            _require_inside(record, region.size)
            if record.region >= old:
                array = np.ndarray(record.shape, record.dtype, region.memory, record.offset,
                                   record.strides)
            else:
                if record.region not in homes:
                    homes[record.region] = _home(region)
                array = _onto(homes[record.region], record, data.get(record.region))
        require_booleans(array)
        arrays.append(array)
    for array, record in zip(arrays, records, strict=True):
        if record.region >= old:
            if record.nbytes:
                regions[record.region - old].place(array, record.offset)
            array.flags.writeable = bool(record.flags & _WRITEABLE)
    return Unpacked(arrays, regions, [change for number in changed
                                      for change in _changes(known[number], data[number])])


def _unpack_owners(records: list[_Record], sizes: list[int], contents: memoryview) -> Unpacked:
    """Read arrays of which each is all of a new region, in the regions' order."""
    arrays: list[Array] = []
    regions: list[Region] = []
    start = 0
    for record in records:
        array: Array
        if record.nbytes:
            content = contents[start:start + sizes[len(regions)]]
            start += len(content)
            array = _owner(record, content)
            regions.append(_owned(array, content))
            regions[-1].place(array, 0)
        else:
            array = np.empty(record.shape, record.dtype, _order(record))
        require_booleans(array)
        if not record.flags & _WRITEABLE:
            array.flags.writeable = False
        arrays.append(array)
    _require(start == len(contents))
    return Unpacked(arrays, regions, [])


def _records(head: memoryview, at: int, count: int, spend: Spend) -> list[_Record]:
    records = []
    for _ in range(count):
        region, offset, code, flags, dimensions = _ARRAY.unpack_from(head, at)
        at += _ARRAY.size
        dtype = DTYPES[code]
        _require(dimensions <= MAX_DIMENSIONS)
        shape = struct.unpack_from(f"<{dimensions}Q", head, at)
        at += 8 * dimensions
        strides: tuple[int, ...] = ()
        if not flags & _OWNER:
            strides = struct.unpack_from(f"<{dimensions}q", head, at)
            at += 8 * dimensions
        nbytes = prod(shape) * dtype.itemsize
        spend(0, nbytes + DIMENSION_COST * dimensions)
        records.append(_Record(region, offset, dtype, flags, shape, strides, nbytes))
    _require(at == len(head))
    return records


def _require_inside(record: _Record, size: int) -> None:
    """All elements lie within a region of `size` bytes. NumPy's own check can overflow."""
    reach = [(length - 1) * stride
             for length, stride in zip(record.shape, record.strides, strict=True)]
    _require(record.nbytes and record.offset + sum(r for r in reach if r < 0) >= 0)
    _require(record.offset + sum(r for r in reach if r > 0) + record.dtype.itemsize <= size)


def _owner(record: _Record, content: memoryview) -> Array:
    """The array that is all of a new region."""
    _require(record.offset == 0 and record.nbytes == len(content))
    order = _order(record)
    return np.ndarray(record.shape, record.dtype, content, order=order).copy(order)


def _order(record: _Record) -> Literal["C", "F"]:
    return "C" if record.flags & _C_OWNER else "F"


def _received(content: memoryview, owner: Array | None, spend: Spend) -> Region:
    if owner is not None:
        return _owned(owner, content)
    spend(0, len(content))
    region = Region(len(content))
    region.memory, region.received = np.frombuffer(content, np.uint8).copy(), content
    return region


def _owned(owner: Array, content: memoryview) -> Region:
    """The region that an array is all of."""
    region = Region(len(content))
    region.memory = (owner if owner.flags.c_contiguous else owner.T).reshape(-1).view(np.uint8)
    region.received = content
    return region


class _Home(NamedTuple):
    """The memory of arrays that were sent, for views on it."""

    owner: Array
    start: int  # of the region in the owner
    seen: Array | None  # for each byte, whether it is one of an element; None: they all are
    writeable: bool


def _home(region: Region) -> _Home:
    array = owner = region.arrays[0].array
    base = array.base
    while base is not None:  # so that a view's `base` is what a local view's would be
        owner = base if isinstance(base, np.ndarray) else owner
        base = getattr(base, "base", None)
    owner = owner if owner.flags.c_contiguous else owner.T
    seen = None
    if not any(_covers(placed.array, region) for placed in region.arrays):
        seen = np.zeros(region.size, np.bool_)
        for _, offset, dtype, shape, strides in region.arrays:
            _bytes(seen, shape, dtype, offset, strides)[...] = True
    return _Home(owner, region.low - owner.ctypes.data, seen,
                 any(placed.array.flags.writeable for placed in region.arrays))


def _onto(home: _Home, record: _Record, content: memoryview | None) -> Array:
    """A view on the memory of arrays that were sent; it may reach their elements only."""
    layout = record.shape, record.dtype
    if home.seen is not None:
        _require(_bytes(home.seen, *layout, record.offset, record.strides).all())
    if content is not None:
        require_booleans(np.ndarray(*layout, content, record.offset, record.strides))
    view = np.ndarray(*layout, home.owner, home.start + record.offset, record.strides)
    if not (record.flags & _WRITEABLE and home.writeable):
        view.flags.writeable = False
    return view


def _bytes(memory: Array, shape: tuple[int, ...], dtype: np.dtype[Any], offset: int,
           strides: tuple[int, ...]) -> Array:
    """The places of an array's bytes in a memory with one entry for each byte."""
    return np.ndarray((*shape, dtype.itemsize), memory.dtype, memory, offset, (*strides, 1))


def _changes(region: Region, content: memoryview) -> list[tuple[Array, Array]]:
    """The new contents of those arrays in a region that may be written to."""
    changes = []
    for array, offset, dtype, shape, strides in region.arrays:
        new: Array = np.ndarray(shape, dtype, content, offset, strides)
        require_booleans(new)
        if array.flags.writeable:
            changes.append((array, new))
    return changes


def require_booleans(array: Array) -> None:
    """Refuse booleans that are neither True nor False."""
    if array.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1:
        raise Refused("An array of booleans holds bytes that are neither True nor False; "
                      "`np.empty` gives such memory.")


def _require(condition: Any) -> None:
    if not condition:
        raise ValueError("not what `pack` writes")
