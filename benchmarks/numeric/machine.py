"""What makes a run repeatable: one core, and memory that is not handed back to the system between two calls."""

import ctypes
import os
import sys

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # glibc, malloc.h


def pin():
    """This process to one core: JAX does not keep to one thread otherwise."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def keep_freed_memory():
    """Ask glibc not to give freed memory back. True where it agreed.

    Whether an array of some 100 kB to 100 MB comes from fresh pages, each of which the system first has to clear, depends in glibc on what
    the process allocated before, and changes from run to run: the same call was seen 1.1 and 6 times as long as its opponent. With all
    freed memory kept the contestants meet on equal terms.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(M_MMAP_MAX, 0)) and bool(mallopt(M_TRIM_THRESHOLD, -1))
