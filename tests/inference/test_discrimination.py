"""How many points a design that tells two models apart needs."""

import numpy as np
import pytest

from glasstunnel.inference.discrimination import Discrimination


@pytest.mark.parametrize(("per_point", "needed"), [(0.0, 0), (0.1, 250), (24.0, 2), (25.0, 1), (4176.0, 1)])
def test_twenty_five_of_chi_square_decide_and_no_number_of_points_where_nothing_differs(per_point, needed):
    design = Discrimination(None, np.ones(1), per_point, 1.0, per_point)  # pyright: ignore[reportArgumentType]
    assert design.points_needed == needed
    assert ("no measurement" in design.sentences[0]) == (needed == 0)
