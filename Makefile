# Two commands do everything: `make demo` shows Triptych, `make test` checks it.

PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo-library

.PHONY: demo test lint types clean

demo: .venv/ready-to-run  ## index the example media and open the search page
	$(BIN)/triptych index examples/media --library $(DEMO)
	$(BIN)/triptych serve --library $(DEMO) --open

test: lint types  ## everything that must pass
	$(BIN)/python -m pytest

lint: .venv/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/ready-to-test
	$(BIN)/mypy

.venv/ready-to-run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/ready-to-test: .venv/ready-to-run
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

clean:  ## forget the environment and the demo
	rm -rf .venv $(DEMO) artifacts
