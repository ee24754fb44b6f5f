"""A filter for the system calls that no notebook needs and that reach past the other limits.

Memory that belongs to no process (files in memory, System V segments, shared pages of no file)
would not count as anybody's; tracing, keys, io_uring, bpf and mounts are the kernel's widest
doors. A call that is filtered fails with EPERM. Source: seccomp(2), and the kernel's tables.
"""

import ctypes
import os
from functools import cache

_PR_SET_NO_NEW_PRIVS, _PR_GET_SECCOMP, _PR_SET_SECCOMP, _FILTER = 38, 21, 22, 2
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # BPF instructions
_ALLOW, _DENY = 0x7FFF0000, 0x00050001  # the latter with EPERM
_SHARED_ANONYMOUS = 0x21
_X32 = 0x40000000  # the same calls under other numbers

_UNIX = 1  # the only family of sockets; VSOCK, for one, reaches past the namespace of the network
# SO_SNDBUF, SO_RCVBUF and their FORCE twins: what lies in a socket counts for no process.
_BUFFERS = (7, 8, 32, 33)

# Architecture; mmap, socket, socketpair, setsockopt; and what is refused altogether:
# memfd_create, shmget, memfd_secret, ptrace, process_vm_readv and
# _writev, pidfd_getfd, unshare, setns, mount, umount2, pivot_root, move_mount, open_tree, fsopen,
# mount_setattr, io_uring_setup, userfaultfd, bpf, perf_event_open, add_key, request_key, keyctl,
# msgget, semget.
_TABLES = {
    "x86_64": (0xC000003E, (9, 41, 53, 54),
               (319, 29, 447, 101, 310, 311, 438, 272, 308, 165, 166, 155, 429, 428,
                               430, 442, 425, 323, 321, 298, 248, 249, 250, 68, 64)),
    "aarch64": (0xC00000B7, (222, 198, 199, 208),
                (279, 194, 447, 117, 270, 271, 438, 97, 268, 40, 39, 41, 429, 428,
                                  430, 442, 425, 282, 280, 241, 217, 218, 219, 186, 190)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def can_filter() -> bool:
    """Does the machine know how? The filter is made here, before any fork needs it."""
    return os.uname().machine in _TABLES and len(_program()) > 0 and ctypes.CDLL(None).prctl(
        _PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def _argument(number: int) -> int:
    """Where the lower half of a call's argument is (struct seccomp_data)."""
    return 16 + 8 * number


@cache
def _program() -> bytes:
    """The filter, in BPF."""
    architecture, (mmap, create, pair, set_option), forbidden = _TABLES[os.uname().machine]
    deny_next = (_RETURN, 0, 0, _DENY)
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), deny_next,
               (_LOAD, 0, 0, 0), (_AT_LEAST, 0, 1, _X32), deny_next]
    for number in forbidden:
        program += [(_EQUAL, 0, 1, number), deny_next]
    for number in (create, pair):
        program += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, _argument(0)), (_EQUAL, 0, 1, _UNIX),
                    (_RETURN, 0, 0, _ALLOW), deny_next]
    program += [(_EQUAL, 0, 2 * len(_BUFFERS) + 2, set_option), (_LOAD, 0, 0, _argument(2))]
    for option in _BUFFERS:
        program += [(_EQUAL, 0, 1, option), deny_next]
    program += [(_RETURN, 0, 0, _ALLOW)]
    program += [(_EQUAL, 0, 4, mmap), (_LOAD, 0, 0, _argument(3)), (_AND, 0, 0, _SHARED_ANONYMOUS),
                (_EQUAL, 0, 1, _SHARED_ANONYMOUS), deny_next, (_RETURN, 0, 0, _ALLOW)]
    return b"".join(operation.to_bytes(2, "little") + bytes([yes, no]) + value.to_bytes(4, "little")
                    for operation, yes, no, value in program)


def restrict() -> None:
    """Filter the calls of this process and all its children from now on. Raises OSError."""
    code = _program()
    text = ctypes.create_string_buffer(code)
    pointer = ctypes.c_void_p(ctypes.addressof(text))

    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
                      (_PR_SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(code) // 8, pointer)))):
        if libc.prctl(*arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"prctl: {os.strerror(number)}")
