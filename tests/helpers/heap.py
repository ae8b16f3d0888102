"""How much of the heap of C is allocated, by glibc."""

import ctypes
import gc


class Heap(ctypes.Structure):
    """What `mallinfo2` of glibc tells."""

    _fields_ = [(name, ctypes.c_size_t) for name in ("a", "b", "c", "d", "mapped", "e", "f", "in_use", "free", "g")]


def heap_in_use() -> float:
    """MiB that are allocated, wherever free pieces lie between them."""
    tell = ctypes.CDLL(None).mallinfo2
    tell.restype = Heap
    gc.collect()
    heap = tell()
    return float(heap.in_use + heap.mapped) / 2**20
