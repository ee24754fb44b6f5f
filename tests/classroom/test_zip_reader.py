"""Zips that people made: what is in them is read, and no trick in one does anything."""

import stat
import struct
import tracemalloc
import zipfile
from datetime import datetime

import pytest

from autograder.classroom import zip_reader
from autograder.classroom.zip_reader import Zip, ZipError, parts, time

LIMIT = 2**20


def packed(path, *files):
    """A zip of (name or ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


def read(path, limit=LIMIT):
    with Zip(path, limit) as archive:
        return {info.filename: archive.read(info) for info in archive.files()}


def refused(path, limit=LIMIT):
    with pytest.raises(ZipError) as error:
        read(path, limit)
    assert "\n" not in str(error.value)
    return str(error.value)


def info(name, mode=0o100644, **facts):
    made = zipfile.ZipInfo(name, (2030, 1, 1, 10, 0, 0))
    made.external_attr = mode << 16
    for fact, value in facts.items():
        setattr(made, fact, value)
    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.zip"


def test_files_are_read_and_folders_are_not(path):
    packed(path, ("ann/", b""), ("ann/x.ipynb", b"{}"), ("bob.ipynb", b"1"))
    assert read(path) == {"ann/x.ipynb": b"{}", "bob.ipynb": b"1"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_link_or_a_device_is_told(path, kind):
    packed(path, (info("x.ipynb", kind | 0o777), b"/etc/passwd"))
    assert refused(path) == "It is a link or a device, not a file."


def test_an_encrypted_file_is_told(path):
    packed(path, ("x.ipynb", b"{}"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refused(path) == "It is encrypted. Ask for it without a password."


def test_a_bomb_is_told_by_what_the_zip_says(path):
    packed(path, ("x.ipynb", b" " * (3 * LIMIT)))
    assert "as a zip bomb does" in refused(path, 10 * LIMIT)
    assert refused(path).startswith("It has 3 MiB; the limit is 1")


def test_a_small_file_may_be_packed_as_well_as_can_be(path):
    """A notebook whose output is one long blank line is no bomb, however small it is packed."""
    data = b" " * zip_reader.SMALL
    packed(path, ("x.ipynb", data))
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].compress_size * zip_reader.MAX_RATIO < len(data)
    assert read(path) == {"x.ipynb": data}


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(path):
    packed(path, ("x.ipynb", b" " * (30 * LIMIT)))
    data = bytearray(path.read_bytes())
    for start, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(start) + place, 100)
    path.write_bytes(data)
    tracemalloc.start()
    assert "damaged" in refused(path)
    assert tracemalloc.get_traced_memory()[1] < 4 * LIMIT
    tracemalloc.stop()


def test_what_all_files_have_together_is_limited(path, monkeypatch):
    packed(path, *((f"{number}.ipynb", bytes(range(256)) * 4) for number in range(5)))
    assert len(read(path)) == 5
    monkeypatch.setattr(zip_reader, "MAX_TOTAL", 4000)
    assert "for all that a zip holds" in refused(path)


def test_the_number_of_files_is_limited(path, monkeypatch):
    packed(path, *((f"{number}.ipynb", b"") for number in range(5)))
    monkeypatch.setattr(zip_reader, "MAX_FILES", 4)
    assert refused(path) == "It holds 5 files; the limit is 4."


def test_a_list_of_files_that_is_too_long_is_not_read(path, monkeypatch):
    packed(path, *((f"{number}.ipynb", b"") for number in range(200)))
    monkeypatch.setattr(zip_reader, "MAX_INDEX", 10_000)
    assert "list of files" in refused(path)


@pytest.mark.parametrize("cut", [0, 1, 30, 60, -1, -10, -30])
def test_half_a_zip_is_told(path, cut):
    packed(path, ("x.ipynb", bytes(range(256))), ("y.ipynb", b"2"))
    data = path.read_bytes()
    path.write_bytes(data[:cut])
    assert "not a complete one; download it again" in refused(path)


def test_no_zip_is_told(path):
    path.write_bytes(b"<html>Sign in to download</html>" * 100)
    assert refused(path).startswith("It is not a zip")
    assert "No such file" in refused(path.with_name("b.zip"))


def test_any_damage_is_told(path):
    packed(path, ("ann/x.ipynb", bytes(range(256)) * 3), ("bob/y.ipynb", b'{"cells": []}' * 9))
    whole, data = read(path), path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1:])
        try:
            found = read(path)
        except ZipError:
            continue
        # A name, a time or an attribute is another.
        assert set(found.values()) <= set(whole.values()), place


@pytest.mark.parametrize("name", ["../x.ipynb", "a/../../x.ipynb", "/etc/x.ipynb", "..\\x.ipynb",
                                  "C:\\x.ipynb", "C:/x.ipynb", "a//x.ipynb", "a/x\n.ipynb",
                                  "a/x.ipynb\0.png", "a/\x1b[31m.ipynb"], ids=ascii)
def test_a_path_that_leads_out_is_told(name):
    one = zipfile.ZipInfo("x")
    one.orig_filename = name
    with pytest.raises(ZipError, match="not a plain path"):
        parts(one)


def test_a_path_is_taken_apart():
    assert parts(zipfile.ZipInfo("Ann Lee_1_x_/a..b/x.ipynb")) == (
        "Ann Lee_1_x_", "a..b", "x.ipynb")


def test_the_time_is_the_exact_one_where_there_is_one():
    then = datetime(2030, 1, 1, 10)
    assert time(info("x", extra=struct.pack("<HHBi", 0x5455, 5, 1, 1893492001))) == datetime(
        2030, 1, 1, 10, 0, 1)
    assert abs((time(info("x")) - then).total_seconds()) <= 14 * 3600  # this machine's local time
    assert time(info("x", date_time=(1980, 0, 0, 0, 0, 0))) is None
    assert time(info("x", extra=b"UT")) is not None
