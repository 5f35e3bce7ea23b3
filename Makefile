# The workflow. `make` lists it. Needs Python 3.11 or newer and make; uses uv where there is one, else pip.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo work zendesk-app test test-long check fix bench docs pictures words lock bounds

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.dev ## everything that developing needs, in .venv

demo: $(VENV)/.run ## play the whole story on sandbox vendors and keep serving (ARGS=--once to only play it)
	$(BIN)/kithspark demo $(ARGS)

run: $(VENV)/.run ## the app with its embedded worker, on the settings of the environment
	$(BIN)/kithspark migrate
	$(BIN)/kithspark serve

work: $(VENV)/.run ## a worker of its own
	$(BIN)/kithspark work

zendesk-app: $(VENV)/.run ## the app for Zendesk's sidebar, as a zip to upload (FILE=var/kithspark-zendesk.zip)
	@mkdir -p var; $(if $(FILE),,rm -f var/kithspark-zendesk.zip)
	$(BIN)/kithspark zendesk-app $(or $(FILE),var/kithspark-zendesk.zip)

test: $(VENV)/.test ## every test but those marked long
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not long" $(ARGS)

test-long: $(VENV)/.test ## the long ones
	$(BIN)/python -m pytest -q -n $(JOBS) -m long $(ARGS)

check: $(VENV)/.dev ## what CI runs: format, lint, types, import contracts, tests, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "The tests, as in the README: make test"
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not long" $(ARGS)

fix: $(VENV)/.dev ## what the linters can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## the benchmarks, each against its goal
	$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/.test ## what the documents promise is there: links, settings, commands, recipes
	$(BIN)/python -m pytest -q tests/test_docs.py

words: $(VENV)/.test ## the catalogues of translations, in line with what code and templates say
	$(BIN)/python -m tests.catalogues

pictures: $(VENV)/.test ## docs/pictures anew, from the pages of the demo
	$(BIN)/python -m tests.journeys.pictures

# --- setting up -----------------------------------------------------------------------------------------------

# PYTHON=… overrides the search. A python3 that is too old is passed over for a newer one beside it.
define find_python
	for python in $(PYTHON) $(if $(PYTHON),,python3 python3.14 python3.13 python3.12 python3.11); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Kithspark needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1 || true)." >&2; \
		echo "Install one (Debian: apt install python3 python3-venv), or say where it is: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi
endef

# The lock pins every file by its hash; then ourselves, editable, from what is already installed.
define install
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
endef

$(BIN)/python:
	@$(find_python); \
	if command -v uv >/dev/null; then uv venv --quiet --seed --allow-existing --python "$$python" $(VENV); \
	else "$$python" -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "This Python cannot make virtual environments. Debian: apt install python3-venv; or install uv." >&2; \
		exit 1; }; \
	fi

# A larger set holds the smaller ones, so it stamps them too.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-test.lock)
	@touch $(VENV)/.run $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.run $(VENV)/.test $@

# --- dependencies ---------------------------------------------------------------------------------------------

COMPILE := uv pip compile pyproject.toml --group build --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(ARGS)

lock: ## the lock files anew (needs uv; ARGS=--upgrade takes newer versions)
	$(COMPILE) --extra test --extra dev -o requirements-dev.lock
	$(COMPILE) --extra test -o requirements-test.lock
	$(COMPILE) -o requirements.lock

bounds: ## the tests on the oldest versions that pyproject.toml allows (needs uv)
	@$(find_python); folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	uv venv --quiet --python "$$python" "$$folder"; \
	uv pip install --quiet --python "$$folder/bin/python" --resolution lowest-direct --group build \
		-r pyproject.toml --extra test; \
	uv pip install --quiet --python "$$folder/bin/python" --no-deps --no-build-isolation -e .; \
	"$$folder/bin/python" -m pytest -q -n $(JOBS) -m "not long" $(ARGS)
