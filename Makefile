# `make demo` and `make test` need Python 3.11, make and git; everything else is installed into .venv.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types check sample clean

$(VENV)/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

demo: $(VENV)/installed  ## crawl the bundled sample site twice and look at the result
	$(BIN)/newscrawl demo

test: $(VENV)/installed  ## the whole test suite
	$(BIN)/python -m pytest

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

check: lint types test

sample: $(VENV)/installed  ## make data/sample.db anew from the sample site
	$(BIN)/newscrawl demo --sample data/sample.db

clean:
	rm -rf $(VENV) build *.egg-info
