# The only list of commands. `make help` prints it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := shared services/points services/hours services/verification services/certificates
SOURCES := shared/src $(wildcard services/*/src) deploy bench tests
PYTEST_WORKERS ?= 2
ROLES ?= operator@deployment:local

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/.ready ## run a year: DATA=<folder> PACK=<name or file> YEAR= TODAY= OUT=<folder> EXIT=1 STATE=<folder>
	@$(BIN)/python -m deploy.local run

.PHONY: token
token: $(VENV)/.ready ## print a token of the stack that make run starts: ROLES="<role@level:id> …" SUBJECT= SECONDS= DATA=<folder> PACK= TODAY= STATE=<folder>
	@DEPLOYMENT="$${DEPLOYMENT-development}" $(BIN)/python -m deploy.local.issuer mint \
	  $(if $(SUBJECT),--subject '$(SUBJECT)') $(if $(SECONDS),--seconds '$(SECONDS)') -- $(ROLES)

.PHONY: policy-check
policy-check: $(VENV)/.ready ## validate a rule pack and print its rules: FILE=<file>
	@$(BIN)/python -m deploy.policy check '$(FILE)'

.PHONY: policy-compare
policy-compare: $(VENV)/.ready ## what one rule pack says otherwise than another: OLD=<file> NEW=<file>
	@$(BIN)/python -m deploy.policy compare '$(OLD)' '$(NEW)'

.PHONY: what-if
what-if: $(VENV)/.ready ## what a draft would have done to a year or a cycle: PACK=<file> YEAR= CYCLE=<rule> DISTRICT= SCHOOL= TEACHERS="…" SAMPLE= SEED= OUT=<file> TOKEN= DATA=<folder> STATE=<folder>
	@$(BIN)/python -m deploy.what_if

.PHONY: test
test: $(VENV)/.ready ## all tests but the long ones, on real servers of their own
	@$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist loadgroup -m "not long" --durations 12 --durations-min 4

.PHONY: test-long
test-long: $(VENV)/.ready ## the tests that take longer than five seconds each
	@$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist loadgroup -m long

.PHONY: bench
bench: $(VENV)/.ready ## measure against the machine: ROUNDS= SIZE= LOTS= TEACHERS= CERTIFICATES= SMOKE=1 SPREAD= PGLEDGER=<file> SAVE=1 OUT=<file or folder>
	@$(BIN)/python -m bench

.PHONY: profile
profile: $(VENV)/.ready ## look where the time of the hot paths goes: SMOKE=1 OUT=<folder>
	@$(BIN)/python -m bench.profiling

.PHONY: bench-growth
bench-growth: $(VENV)/.ready ## measure over ledgers of SIZES= entries: ROUNDS= SIZE= LOTS= SMOKE=1 SAVE=1 OUT=<file or folder>
	@$(BIN)/python -m bench.growth

.PHONY: capacity
capacity: $(VENV)/.ready ## what a district, a city, a province and the nation need: ACTS= HURRY= MACHINES= DISK= YEARS= PRICES= RESULT=<file> GROWTH=<file> ARCHIVED= SAVE=1
	@$(BIN)/python -m bench.capacity

.PHONY: check
check: $(VENV)/.ready ## form, rules, types, directions of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(SOURCES)
	@$(BIN)/lint-imports --no-cache

.PHONY: contracts
contracts: $(VENV)/.ready ## write the schemas of events, the table of roles and the descriptions of interfaces anew
	@$(BIN)/python -m shared.contracts
	@$(BIN)/python -m shared.access > docs/access.md
	@for service in points hours verification certificates; do \
	  $(BIN)/python -m $$service openapi > docs/openapi/$$service.json; done

.PHONY: sample
sample: $(VENV)/.ready ## write the sample year anew
	@$(BIN)/python -m deploy.local sample

.PHONY: clean
clean: ## remove the state of all runs, results and caches
	@rm -rf var out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.ready: requirements.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed (set PY=)")'
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	@echo "Setting up $(VENV) (once) …" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation $(PACKAGES:%=-e ./%)
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready ## make the virtual environment from the lock

.PHONY: lock
lock: ## renew requirements.lock from the pyproject files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  $(PACKAGES:%=%/pyproject.toml) --group pyproject.toml:local --group pyproject.toml:dev --group pyproject.toml:build \
	  --no-emit-package hourbank-shared --no-emit-package hourbank-points --no-emit-package hourbank-hours \
	  --no-emit-package hourbank-verification --no-emit-package hourbank-certificates -o requirements.lock
