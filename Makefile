# What a person does here, one command each; `make help` lists them.
#
# Every command first makes the virtual environment if it is missing or older than the lock. It needs nothing but
# a Python of 3.11 or newer. Settings: VENV=folder, PYTHON=interpreter, REPLICATES=number, WORKERS=number, OUT=folder.

PYTHON ?= python3
VENV ?= .venv
REPLICATES ?= 20
WORKERS ?= 2
OUT ?= results
TESTS ?=

# Without a word from the user, an old python3 is passed over for a newer one beside it.
PYTHONS := $(if $(filter file,$(origin PYTHON)),$(PYTHON) python3.11 python3.12 python3.13,$(PYTHON))
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed.stamp

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint types tests unit coverage other-pythons docs docs-check golden costs bench format lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

venv: $(INSTALLED)  ## the virtual environment, exactly as locked

$(INSTALLED): requirements.lock pyproject.toml
	@python=$$(sh tools/find_python.sh new $(PYTHONS)) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check
	@touch $@

demo: $(INSTALLED)  ## the main job: who returns to poverty, in the baseline and in a population of real households
	$(BIN)/fupin-sim run scenarios/baseline.toml --replicates $(REPLICATES) --workers $(WORKERS) --out $(OUT)/baseline --force
	$(BIN)/python -m fupin_sim.surveys.vietnam --out scenarios/data
	$(BIN)/fupin-sim run scenarios/vietnam.toml --replicates $(REPLICATES) --workers $(WORKERS) --out $(OUT)/vietnam --force

test: lint types tests other-pythons  ## everything that must hold: lint, types, all tests, other Pythons

lint: $(INSTALLED)  ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED)  ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED)  ## mypy, strict
	$(BIN)/mypy

tests: $(INSTALLED)  ## all tests, on WORKERS processes
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --durations 20

unit: $(INSTALLED)  ## some of the tests, in one process; TESTS="tests/test_maths.py -k exp"
	$(BIN)/python -m pytest -q $(TESTS)

coverage: $(INSTALLED)  ## all tests, with lines and branches covered, which takes half as long again
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --durations 10 --cov --cov-report=term
	@$(BIN)/python tools/coverage_bars.py

other-pythons: $(INSTALLED)  ## Mesa's newer releases, on the Pythons that have them, where found
	@sh tools/other_pythons.sh 3.12 3.13

docs-check: $(INSTALLED)  ## the examples, tables and links of the documentation
	$(BIN)/python -m pytest -q tests/test_docs.py tests/test_docs_generated.py tests/test_model_page.py \
	    tests/test_tutorial.py src

docs: $(INSTALLED)  ## write the documentation's tables and printed output anew; look at the difference
	$(BIN)/python -m tools.write_docs

golden: $(INSTALLED)  ## write the expected result beside each scenario anew; look at the difference before committing it
	$(BIN)/python -m tests.golden.write

costs: $(INSTALLED)  ## write anew what the scenarios compared at equal cost cost; some minutes
	$(BIN)/python -m tests.golden.costs

bench: $(INSTALLED)  ## speed and memory on this machine
	$(BIN)/python -m benchmarks

lock:  ## choose all versions anew
	@python=$$(sh tools/find_python.sh new $(PYTHONS)) && "$$python" -m venv build/lock
	build/lock/bin/python -m pip install --quiet 'uv>=0.9'
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --no-emit-find-links --all-extras pyproject.toml --output-file requirements.lock

clean:  ## remove the environment and everything made, but not the results
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
