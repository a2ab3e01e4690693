# Every target but help, lock and clean sets up first; that takes no time when nothing is missing.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The project's own tools come first; a downloaded terraform comes last.
USER_PATH := $(PATH)
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH):$(CURDIR)/.cache/bin
export CHECKPOINT_DISABLE := 1

BIN := .venv/bin
ARGS :=

# Set-up runs with the machine's own programs: it may replace .venv, and looks for Python, npm and terraform.
SCRIPT = PATH='$(USER_PATH)' sh scripts/with_python.sh

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup:  ## build the environments, Node tools and provider from nothing (PYTHON=... to choose one)
	@$(SCRIPT) scripts/set_up.py

.PHONY: ready
ready:
	@$(SCRIPT) scripts/set_up.py --quiet

.PHONY: demo
demo: ready  ## show the product at work on a real server
	@$(BIN)/python scripts/demo.py $(ARGS)

.PHONY: test
test: ready  ## run the tests with coverage (ARGS='-k name' to choose)
	@$(BIN)/pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

.PHONY: lint
lint: ready  ## check style, types and who imports whom; all of them, even after a failure
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/lint-imports --no-logo || status=1; \
	exit $$status

.PHONY: format
format: ready  ## rewrite the sources in the one style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: lock
lock:  ## resolve all dependencies anew and write the locks
	@$(SCRIPT) scripts/lock.py $(ARGS)
	@$(SCRIPT) scripts/set_up.py

.PHONY: clean
clean:  ## remove everything that the other targets made
	rm -rf .venv .venv-prefect .cache node_modules cdktf.out dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
