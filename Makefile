# Two commands matter: `make run` and `make test`. Everything else they do by themselves.
SHELL := /bin/sh
VENV := .venv
# The first Python that really runs (a name on the path may be an empty shell of a version manager) and is new enough.
PYTHON = $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
PIP := $(VENV)/bin/pip --disable-pip-version-check --quiet
PORT ?= 8501
export PORT

.PHONY: run setup test lint bench clean

run: $(VENV)/.ready
	@exec $(VENV)/bin/python -m pages.components.server

setup: $(VENV)/.ready

# torch is named first: with it in place nothing pulls the packages of another build.
$(VENV)/.ready: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed. Install it and run make again." >&2; exit 1; }
	@echo "Installing into $(VENV); the first time this takes some minutes."
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint requirements.lock torch==2.13.0 --editable .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@$(PIP) install --constraint requirements.lock --editable '.[test]'
	@touch $@

test: $(VENV)/.ready-test
	@$(VENV)/bin/python tests/browser/ensure_browser.py
	@$(MAKE) --no-print-directory lint
	@$(VENV)/bin/pytest -n 2 --dist loadfile

lint: $(VENV)/.ready-test
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/mypy

bench: $(VENV)/.ready-test
	@$(VENV)/bin/python tests/browser/ensure_browser.py
	@$(VENV)/bin/python -m tests.bench

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
