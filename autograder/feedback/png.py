"""Is this a PNG that a browser can draw? Looked through to its last byte, without a decoder."""

import struct
import zlib

SIDE = 8192  # pixels, at most
PIXELS = 2**26  # bytes of pixels, at most
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by color type (PNG specification, 11.2.2)
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}


def is_png(data: bytes) -> bool:
    """Are these the bytes of one whole PNG that isn't interlaced, and of nothing else?"""
    try:
        chunks = _chunks(data)
        (first, header), (last, _) = chunks[0], chunks[-1]
        width, height, depth, color, *rest = struct.unpack(">IIBBBBB", header)
        if (first, last) != (b"IHDR", b"IEND") or rest != [0, 0, 0]:
            return False
        if not (0 < width <= SIDE and 0 < height <= SIDE and depth in _DEPTHS.get(color, ())):
            return False
        expected = height * (1 + (width * depth * _CHANNELS[color] + 7) // 8)
        if expected > PIXELS:
            return False
        inflating = zlib.decompressobj()
        pixels = inflating.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"),
                                      expected + 1)
    except (struct.error, zlib.error, IndexError, ValueError):
        return False
    return len(pixels) == expected and (color != 3 or any(kind == b"PLTE" for kind, _ in chunks))


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Every chunk's kind and body. Raises ValueError when the bytes are not all chunks."""
    if not data.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    found, at = [], len(_SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            raise ValueError("damaged")
        found.append((kind, body))
        at += 12 + length
    return found
