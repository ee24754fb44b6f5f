# The doors of the project. Both environments are .venv, made again only when what it is made of changes.
PYTHON ?= python3
ARGS ?=
LESSON ?=

ENV := .venv
PY := $(ENV)/bin/python

.PHONY: help lab update build grade test test-browser pictures lint format clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# Jupyter and nbgrader find this clone's settings here, before those of the user and the machine.
lab: export JUPYTER_CONFIG_PATH := $(CURDIR)/autograder$(if $(JUPYTER_CONFIG_PATH),:$(JUPYTER_CONFIG_PATH))
lab: $(ENV)/course.stamp  ## open JupyterLab on your copies of the lessons, in work/ (ARGS="--port 9000")
	@$(PY) -m autograder build
	@$(PY) -m autograder fetch
	@$(PY) -m jupyterlab $(ARGS)

update: $(ENV)/course.stamp  ## your answers into a lesson's newest version (LESSON=01_perceptron)
	@$(PY) -m autograder update $(LESSON)

build: $(ENV)/course.stamp  ## lesson sources to notebooks
	@$(PY) -m autograder build

grade: $(ENV)/course.stamp  ## grade your copies in work/ (ARGS="PATH ...": other notebooks)
	@$(PY) -m autograder grade $(or $(ARGS),work)

test: lint  ## lint, types and every test that needs no browser (ARGS="-k name")
	@$(PY) -m pytest -q -n auto --maxprocesses 4 --ignore=tests/browser $(ARGS)

test-browser: $(ENV)/dev.stamp  ## a student's path through JupyterLab, in Chromium
	@$(PY) -m pytest -q tests/browser $(ARGS)

pictures: $(ENV)/dev.stamp  ## take the README's pictures anew, in Chromium
	@PYTHONPATH="$(CURDIR):$(CURDIR)/tests" $(PY) docs/pictures.py

lint: $(ENV)/dev.stamp  ## ruff and mypy
	@$(PY) -m ruff check --quiet
	@$(PY) -m mypy

format: $(ENV)/dev.stamp  ## let ruff put right what it can
	@$(PY) -m ruff check --fix

clean:  ## remove the environment and caches, never work/ or grading/
	rm -rf $(ENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find autograder benchmarks solutions tests utils -name __pycache__ -prune -exec rm -r {} +

# An environment whose Python is gone (removed, or the clone came from another machine) is made anew.
$(shell test -x $(PY) || rm -f $(ENV)/*.stamp)

$(ENV)/course.stamp: requirements.txt
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "Python 3.11 or newer is needed, and there is no $(PYTHON). Try: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Try: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) can't make environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in $(ENV): about a minute, once."
	@"$(PYTHON)" -m venv --upgrade-deps $(ENV)
	@$(PY) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(ENV)/dev.stamp: $(ENV)/course.stamp pyproject.toml
	@$(PY) -m pip install --quiet --requirement requirements.txt --group dev
	@touch $@
