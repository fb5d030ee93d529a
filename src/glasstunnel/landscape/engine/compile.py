"""How kernels are compiled: once, cached on disk, float64, fused multiply-add allowed, nothing else reordered."""

from glasstunnel.errors import GlassTunnelError

try:
    from numba import njit
except ImportError:  # numba is an optional extra
    raise GlassTunnelError(
        "the landscape search needs numba; install it with: pip install 'glasstunnel[landscape]'"
    ) from None

#: Decorator of every kernel.
kernel = njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
#: Decorator of sums over many numbers, whose order is free: they run in the vector units.
summing_kernel = njit(cache=True, nogil=True, fastmath={"contract", "reassoc"}, error_model="numpy")
