# Two commands do everything: `make demo` shows Triptych, `make test` checks it.

PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo-library
WORKERS ?= 2
# A file's tests stay together: what some share takes longer to make than they take.
SHARED_OUT := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Of all that is installed little is ever imported: it is compiled then, once, and kept.
PIP_INSTALL := $(BIN)/pip install --quiet --no-compile
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint types clean

demo: .venv/ready-to-run  ## index the example media and open the search page
	$(BIN)/triptych index examples/media --library $(DEMO)
	$(BIN)/triptych serve --library $(DEMO) --open

test: lint types  ## everything that must pass
	$(BIN)/python -m pytest $(SHARED_OUT)

lint: .venv/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/ready-to-test
	$(BIN)/mypy

.venv/ready-to-run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) --upgrade pip
	$(PIP_INSTALL) --editable .
	touch $@

.venv/ready-to-test: .venv/ready-to-run
	$(PIP_INSTALL) --editable '.[dev]'
	touch $@

clean:  ## forget the environment and the demo
	rm -rf .venv $(DEMO) artifacts
