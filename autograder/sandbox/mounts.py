"""A file system of which nothing can be seen but what is bound into it, read-only.

Sources: mount_namespaces(7), pivot_root(2), mount_setattr(2).
"""

import ctypes
import os
from pathlib import Path

from autograder.sandbox.libc import call, library

INSIDE = "/inside"  # where the new root is, below the place it is built on
SCRATCH = "/scratch"  # this and the next are the only folders that can be written to
SHARED_MEMORY = "/dev/shm"  # where semaphores are, without which there is no multiprocessing

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1, 2, 4, 32, 4096, 16384, 1 << 18)
_MNT_DETACH = 2
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE = 442, -100, 0x8000
_DEVICES = ("null", "full", "random", "urandom")  # "zero" would give memory that counts for nobody


def new_root(readable: list[Path], hidden: list[Path]) -> None:
    """Make a file system with only these paths the root of this process. Raises OSError.

    readable: files and folders that stay visible, read-only, at their own places.
    hidden: folders of which nothing is visible but what is readable inside them.
    """
    call("mount", "none", "/", None, MS_REC | MS_PRIVATE, None)
    # Any folder will do to build it on that holds nothing readable: it is out of sight then.
    place = next(folder for folder in ("/mnt", "/media", "/srv", "/opt", "/var", "/tmp", "/home")
                 if os.path.isdir(folder)
                 and not any(str(path).startswith(folder + "/") for path in readable))
    call("mount", "tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    root = place + INSIDE
    os.mkdir(root)
    inside = [path for path in readable if any(folder in path.parents for folder in hidden)]
    for path in readable:
        if path not in inside:
            _bind(path, root)
    covered = [root + str(folder) for folder in hidden if os.path.isdir(root + str(folder))]
    for folder in covered:
        call("mount", "tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for path in inside:
        _bind(path, root)
    for folder in covered:
        _close(folder)
    os.mkdir(f"{root}/dev")
    for device in _DEVICES:
        target = f"{root}/dev/{device}"
        os.close(os.open(target, os.O_CREAT))
        call("mount", f"/dev/{device}", target, None, MS_BIND, None)
    os.mkdir(root + SHARED_MEMORY)
    os.mkdir(root + SCRATCH)
    if not os.path.exists(f"{root}/tmp"):
        os.symlink(SCRATCH, f"{root}/tmp")
    os.chdir(place)
    call("pivot_root", ".", ".") if hasattr(library(), "pivot_root") else _pivot()
    call("umount2", ".", _MNT_DETACH)
    os.chdir("/")
    _close("/")


def _close(folder: str) -> None:
    """Make a mount of ours read-only."""
    call("mount", "none", folder, None,
          MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, None)


def _pivot() -> None:
    # glibc has no wrapper; the numbers are those of x86-64 and of the generic table (arm64).
    number = 155 if os.uname().machine == "x86_64" else 41
    libc = library()
    if libc.syscall(ctypes.c_long(number), b".", b".") != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"pivot_root: {os.strerror(code)}")


def _bind(path: Path, root: str) -> None:
    if path.is_symlink():
        target = Path(root + str(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(os.readlink(path))
        return
    if not path.exists():
        return
    target = Path(root + str(path))
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    call("mount", str(path), str(target), None, MS_BIND | MS_REC, None)
    # With what is mounted below it, where the kernel can (since 5.12).
    wanted = (ctypes.c_uint64 * 4)(1 | 2, 0, 0, 0)  # read-only, no set-user-id
    if library().syscall(_MOUNT_SETATTR, _AT_FDCWD, str(target).encode(), _AT_RECURSIVE,
                       ctypes.byref(wanted), ctypes.c_size_t(32)) == 0:
        return
    # A user namespace may not take away the flags that the original mount has.
    flags = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | 8 | 1024 | 2048)
    call("mount", "none", str(target), None,
          MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | flags, None)
