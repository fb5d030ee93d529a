"""Random packings and the voids between their cells, as processor time."""

from benchmarks.timing import processor_time
from glasstunnel.origins import packing, voids_of, windows_of


def rows():
    """(what, measured, wanted) for the table."""
    discs = processor_time(lambda: voids_of(packing(300, 0.2, 2, 1)))
    yield "300 discs packed, with their voids", f"{discs:.1f} s of CPU", "below 20 s"
    spheres = processor_time(lambda: windows_of(packing(1000, 0.1, 3, 1)))
    yield "1000 spheres packed, with their windows", f"{spheres:.1f} s of CPU", "below 60 s"
