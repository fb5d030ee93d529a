"""Arrays of finished tasks: one zarr group per task, written beside and moved into place: none is half there."""

import os
import shutil
from pathlib import Path

import numpy as np

from glasstunnel.errors import LandscapeError


class ArrayStore:
    """Arrays by task key in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, key, arrays):
        """Keep the arrays of a task; an interrupted earlier attempt is replaced."""
        import zarr

        final, draft = self.folder / f"{key}.zarr", self.folder / f"{key}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        group = zarr.open_group(str(draft), mode="w")
        for name, values in arrays.items():
            values = np.asarray(values)
            group.create_array(name, data=values, chunks=tuple(max(1, n) for n in values.shape) or "auto")
        shutil.rmtree(final, ignore_errors=True)
        os.replace(draft, final)

    def read(self, key):
        """{name: array} of a task."""
        import zarr

        try:
            group = zarr.open_group(str(self.folder / f"{key}.zarr"), mode="r")
            return {name: np.asarray(array[...]) for name, array in group.arrays()}
        except Exception as error:  # zarr raises many kinds for a damaged store
            raise LandscapeError(f"{self.folder / key}.zarr: the arrays of a finished task cannot be read ({error}); "
                                 "remove that folder and run the campaign again") from None

    def holds(self, key):
        """Whether the arrays of a task are there."""
        return (self.folder / f"{key}.zarr").is_dir()
