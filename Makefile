# `make demo` and `make test` need Python 3.11, make and git; everything else is installed into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
OTHERS := .venv-benchmark
# A process for each core; what a module makes once is made once.
PARALLEL := -n auto --dist loadfile
COVERED := --cov=pipelines --cov=newscrawl.extraction --cov=newscrawl.rules --cov=newscrawl.storage --cov-branch \
  --cov-report=term-missing:skip-covered --cov-fail-under=95

.PHONY: demo test screenshots coverage lint types check fuzz kills promises sample benchmark benchmark-short benchmark-scale ablations clean

$(VENV)/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'  # knows dependency groups
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

demo: $(VENV)/installed  ## crawl the bundled sample site twice and look at the result
	$(BIN)/newscrawl demo

test: $(VENV)/installed  ## the whole test suite; with COVERAGE=1 it also holds the floor of `make coverage`
	$(BIN)/python -m pytest $(PARALLEL) $(if $(COVERAGE),$(COVERED))

screenshots: $(VENV)/installed  ## docs/screenshots anew, as the tests in Chromium see the pages
	NEWSCRAWL_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q tests/web/test_browser.py

fuzz: $(VENV)/installed  ## minutes: every parser on input by chance, another one every time
	NEWSCRAWL_FUZZ=2000 $(BIN)/python -m pytest -q tests/hostile -k "fuzz or vectors_make or let_through or read_back"

coverage: $(VENV)/installed  ## branches of what must not break: pipelines, extraction, storage
	$(BIN)/python -m pytest -q $(PARALLEL) tests/pages tests/extraction tests/pipelines tests/storage tests/export \
	  tests/test_fixtures.py tests/samples tests/cli/test_import.py tests/cli/test_status.py tests/cli/test_search.py \
	  tests/crash/test_backup.py tests/crash/test_restore.py $(COVERED)

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

check: lint types test

kills: $(VENV)/installed  ## kill -9 at 50 random steps of every command, and let everything fail once; half an hour
	NEWSCRAWL_KILLS=50 NEWSCRAWL_SEED=$$(date +%s) $(BIN)/python -m pytest -q tests/crawl/test_kills.py tests/crawl/test_every_failure.py \
	  tests/cluster/test_collector.py

promises: $(VENV)/installed  ## break every promise of docs/promises.md, and see its test fail
	$(BIN)/python -m tests.promises

$(OTHERS)/installed: tests/benchmarks/constraints.txt pyproject.toml
	$(PYTHON) -m venv $(OTHERS)
	$(OTHERS)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(OTHERS)/bin/python -m pip install --quiet --constraint tests/benchmarks/constraints.txt --editable . --group benchmark
	touch $@

benchmark: $(OTHERS)/installed  ## newscrawl and other extractors side by side; tables into docs/benchmarks.md
	$(OTHERS)/bin/python -m tests.benchmarks --write

benchmark-short: $(VENV)/installed  ## two minutes: newscrawl against its limits, alone and beside Scrapy
	$(BIN)/python -m tests.benchmarks --short

benchmark-scale: $(VENV)/installed  ## the same work on 10,000, 100,000 and 1,000,000 articles; an hour, 15 GB of disk
	$(BIN)/python -m tests.benchmarks.scale --whole

ablations: $(VENV)/installed  ## what each rule of reading earns; tables into docs/ablations.md
	$(BIN)/python -m tests.quality.ablation --write

sample: $(VENV)/installed  ## make data/sample.db anew from the sample site
	$(BIN)/newscrawl demo --sample data/sample.db

clean:
	rm -rf $(VENV) $(OTHERS) build *.egg-info
