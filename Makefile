# Each target does all its own set-up: it needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Two test processes on two cores: more threads inside each would only be in the way.
test test-all: export OMP_NUM_THREADS := 1
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup -q

.PHONY: demo test test-all test-browser mutants calibration iron docs benchmark clean

demo: $(STAMP)
	$(BIN)/glasstunnel demo -o demo-output --force

# The types are checked beside the tests; either fails the target.
test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/basedpyright --pythonpath $(BIN)/python & types=$$!; \
	$(PYTEST) -m "not slow and not browser"; tests=$$?; wait $$types && exit $$tests

# Everything: the quick tests, then those marked slow. `make test test-all` runs the quick ones once.
test-all: test
	$(PYTEST) -m "slow and not browser"

# The explorer in a real browser; screenshots of every view go to screenshots/. Chromium is installed where that is
# allowed, else the command says how.
test-browser: $(STAMP)
	$(BIN)/python -m tests.browser.chromium
	SCREENSHOTS=screenshots $(BIN)/python -m pytest -q -m browser tests/browser

# How strong the quick tests are: branches they reach, and planted errors they notice (tools/mutants.py).
mutants: $(STAMP)
	$(BIN)/coverage run -m pytest -q -m "not slow and not browser"
	$(BIN)/coverage report --format total
	$(BIN)/python tools/mutants.py

# Do the intervals hold? 100 simulated experiments of each kind, refitted; docs/calibration.json is what the docs show.
calibration: export OMP_NUM_THREADS := 1
calibration: $(STAMP)
	$(BIN)/python -m benchmarks.calibration 100 docs/calibration.json

# Iron or tunneling: every model fitted to every simulated truth; docs/iron_at_full_strength.json is what the docs show.
iron: export OMP_NUM_THREADS := 1
iron: $(STAMP)
	$(BIN)/python -m benchmarks.iron docs/iron_at_full_strength.json

docs: $(STAMP)
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

benchmark: $(STAMP)
	$(BIN)/python -m benchmarks

# Python compiles what it imports; compiling all that is installed takes as long as installing it.
$(STAMP): pyproject.toml requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) demo-output docs/_build docs/gallery_output
