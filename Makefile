# One word for each chore. Needs Python 3.11 with venv, and make; everything else is installed from the lock file.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
STAMP := $(VENV)/.synced
ENGINE := var/engine-env
SERVE ?= 1
PORT ?= 8000
ONLY ?=

# Compiled modules are kept beside the other made things: where the environment forbids to keep any, each of the
# hundreds of processes that a test run starts would compile two thousand of them anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache

.PHONY: help setup assets try-assets messages demo clean-demo serve check test test-all browser bench docs clean

help:
	@echo "make demo (SERVE=0: build and stop; PORT=8000) | clean-demo | serve | check | test | test-all | bench (ONLY=name) | docs | assets | messages | clean"

setup: $(STAMP)

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

# --inexact keeps uv itself, which is not in the lock file.
$(STAMP): $(BIN)/uv pyproject.toml uv.lock
	$(UV) sync --frozen --inexact --quiet
	@touch $@

demo: setup try-assets
	$(BIN)/okat demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

clean-demo: setup try-assets
	$(BIN)/okat demo --clean

serve: setup
	$(BIN)/okat serve --port $(PORT)

# Fonts and the map from npm, by lock file; the site works without them.
assets: setup
	$(BIN)/python -m okat.config.assets

# A demo without the registry still works: fallback fonts, lists in place of maps.
try-assets: setup
	@$(BIN)/python -m okat.config.assets || true

# What lacks Thai, and the compiled catalogues.
messages: setup
	$(BIN)/python -m okat.config.messages

check: setup
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy

# The engine and the formats are tested where Django is not even installed; then everything on this machine's
# PostgreSQL; then the journeys in a browser; then the tests that lean on the database once more on the wheel's.
test: check assets browser
	UV_PROJECT_ENVIRONMENT=$(ENGINE) $(BIN)/uv sync --frozen --quiet --no-install-project --only-group engine
	PYTHONPATH=src $(ENGINE)/bin/python -m pytest -q -n 2 -c tests/engine/pytest.ini tests/engine
	$(BIN)/pytest -q -n 2 -m "not journey and not thorough" --ignore tests/engine
	$(BIN)/pytest -q -n 2 -m journey tests/journeys
	OKAT_POSTGRES=wheel OKAT_VAR=$(CURDIR)/var/wheel $(BIN)/pytest -q -n 2 -m "not slow" tests/core tests/places

# What walks for minutes through everything that there is, before a piece of work is called done.
test-all: test
	$(BIN)/pytest -q -n 2 -m thorough

# Journeys need a real browser: Debian's, installed here where we may.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null \
	  && DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install chromium >/dev/null; } \
	  || { echo "The journeys need Chromium: install your system's package 'chromium'." >&2; exit 1; }

bench: setup
	$(UV) sync --frozen --inexact --quiet --group bench
	$(BIN)/python -m benchmarks.run $(ONLY)

docs: setup
	$(BIN)/okat reference docs/reference

clean:
	rm -rf $(VENV) var
