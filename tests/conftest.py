"""Settings shared by all tests: drawing without a screen, hypothesis without a clock."""

import os

import hypothesis

os.environ.setdefault("MPLBACKEND", "Agg")

hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("steady")

from tests.toy_models import heat_capacity, magnetization, models  # noqa: E402, F401  fixtures of every folder
