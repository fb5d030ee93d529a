"""One finished campaign for all tests that look at what it found."""

import pytest
from tests.landscape.campaigns import TINY


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The campaign of `TINY`, run to its end."""
    from glasstunnel.landscape.campaign import run_campaign
    from glasstunnel.landscape.settings import settings_from

    return run_campaign(settings_from(TINY), tmp_path_factory.mktemp("campaign"))
