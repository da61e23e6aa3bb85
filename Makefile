# One word for each chore. Needs Python 3.11 with venv, and make; everything else is installed from the lock file.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
STAMP := $(VENV)/.synced

.PHONY: setup check test clean

setup: $(STAMP)

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

# --inexact keeps uv itself, which is not in the lock file.
$(STAMP): $(BIN)/uv pyproject.toml uv.lock
	$(UV) sync --frozen --inexact --quiet
	@touch $@

check: setup
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy

test: check
	$(BIN)/pytest -n 2

clean:
	rm -rf $(VENV) var
