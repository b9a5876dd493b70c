# Every command sets itself up: .venv is made from hash-pinned requirements when it is missing or they have changed.
PORT ?= 8000
DATA ?= data
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Tests start dozens of processes; each would compile every module again where the environment forbids to keep it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test faults check lock

run: setup
	@$(BIN)/dateline serve --data "$(DATA)" --port $(PORT) --demo

setup: .venv/run.stamp

test: .venv/dev.stamp
	$(BIN)/pytest --numprocesses auto --dist worksteal

# Every fault for seconds, with the deadlines of real servers.
faults: .venv/dev.stamp
	$(BIN)/pytest -q tests/faults --long

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house

.venv/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Dateline needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Dateline into .venv"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Renews the pinned requirements from their .in files.
lock: .venv/dev.stamp
	for set in run dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade requirements/$$set.in --output-file requirements/$$set.txt; done
