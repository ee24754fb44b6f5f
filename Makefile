# The commands of the project. The environment in .venv is made again only when what it is made of changes.
# Another one beside it: make ENV=.venv-3.13 PYTHON=python3.13 REQUIREMENTS=requirements.lock lab
PYTHON ?= python3
REQUIREMENTS := requirements.txt
ARGS ?=
LESSON ?=
TEACHER ?=

ENV := .venv
PY := $(ENV)/bin/python

.PHONY: help lab update build submit grade class collect autograde written watch export feedback report demo test test-long test-core test-browser test-book bench bench-front-ends bench-earlier bench-starts bench-latency bench-throughput pictures sheet book lint format clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { name[++n] = $$1; says[n] = $$2; if (length($$1) > w) w = length($$1) } \
	  END { for (i = 1; i <= n; i++) printf "make %-" w "s  %s\n", name[i], says[i] }' Makefile

lab: $(ENV)/course.stamp  ## open JupyterLab on your copies of the lessons, in work/ (ARGS="--port 9000"; TEACHER=1: with Formgrader)
	@$(PY) -m autograder lab $(if $(TEACHER),--teacher) $(ARGS)

update: $(ENV)/course.stamp  ## your answers into a lesson's newest version (LESSON=01_perceptron)
	@$(PY) -m autograder update $(LESSON)

build: $(ENV)/course.stamp  ## lesson sources to notebooks
	@$(PY) -m autograder build

submit: $(ENV)/course.stamp  ## check your copy, hand it in, get a receipt (LESSON=01_perceptron)
	@$(PY) -m autograder submit $(LESSON) $(ARGS)

grade: $(ENV)/course.stamp  ## grade your copies in work/ (ARGS="PATH ...": other notebooks)
	@$(PY) -m autograder grade $(or $(ARGS),work)

class: $(ENV)/course.stamp  ## students, lessons, deadlines into the gradebook (ARGS="--roster roster.csv")
	@$(PY) -m autograder class init $(ARGS)

collect: $(ENV)/course.stamp  ## bring in what a class handed in (ARGS="downloads.zip": not the exchange)
	@$(PY) -m autograder collect $(or $(ARGS),exchange)

autograde: $(ENV)/course.stamp  ## grade what is newly handed in, into the gradebook (ARGS="--jobs 2")
	@$(PY) -m autograder autograde $(ARGS)

written: $(ENV)/course.stamp  ## a page to mark written answers on (LESSON=01_perceptron ARGS="--enter marks.csv")
	@$(PY) -m autograder written $(LESSON) $(ARGS)

watch: $(ENV)/course.stamp  ## collect and grade until stopped (ARGS="--feedback": hand back, too)
	@$(PY) -m autograder watch $(ARGS)

export: $(ENV)/course.stamp  ## everybody's marks to a table in grading/ (ARGS="--format canvas")
	@$(PY) -m autograder export $(ARGS)

feedback: $(ENV)/course.stamp  ## a class's feedback pages, for `nbgrader release_feedback` (ARGS=01_perceptron)
	@$(PY) -m autograder feedback $(ARGS)

report: $(ENV)/course.stamp  ## a report on the class, from what autograde left (ARGS="FOLDER")
	@$(PY) -m autograder report $(ARGS)

demo: $(ENV)/dev.stamp  ## a made-up class of 200 through a week of grading (ARGS="--students 20")
	@$(PY) benchmarks/class_demo.py $(ARGS)

# Two workers on two cores: a product on as many threads again waits for the others.
test test-long test-core test-browser test-book: export OPENBLAS_NUM_THREADS = 1

TESTS = $(PY) -m pytest -q -n auto --maxprocesses 4 --dist worksteal

test: lint  ## lint, types and the tests that need no browser (LESSON=01_perceptron: that lesson's; ARGS="-k name")
	@$(TESTS) $(if $(LESSON),--lesson $(LESSON) tests/lessons tests/truth tests/utils/widgets tests/grading/test_runner.py,-m "not long" --ignore=tests/browser) $(ARGS)

test-long: $(ENV)/dev.stamp  ## what make test leaves out: every lesson by both engines, more kills, workers that die
	@$(TESTS) -m long tests/benchmarks tests/classroom tests/grading tests/lessons/test_nbgrader.py tests/project/test_any_course.py tests/utils/test_milestones.py $(ARGS)

test-core: $(ENV)/dev.stamp  ## quick tests and one lesson end to end, for another Python (ENV=.venv-3.13 PYTHON=python3.13)
	@$(TESTS) -m "not slow" tests/authoring tests/notebooks tests/rpc tests/utils \
	  --ignore=tests/utils/widgets --ignore=tests/utils/test_plots.py $(ARGS)
	@$(PY) -m autograder check 01_perceptron

test-browser: $(ENV)/dev.stamp  ## a student's path through JupyterLab, in Chromium
	@$(PY) -m pytest -q -n 2 --dist worksteal tests/browser --ignore=tests/browser/test_book.py $(ARGS)

test-book: $(ENV)/dev.stamp  ## the book in Chromium; builds it, with an environment of its own
	@$(PY) -m pytest -q tests/browser/test_book.py $(ARGS)

bench: $(ENV)/dev.stamp  ## time grading: this engine, the floor, stock nbgrader, otter-grader (ARGS="--students 5")
	@$(PY) benchmarks/grading_speed.py $(ARGS)

bench-front-ends: $(ENV)/dev.stamp  ## grade notebooks as front ends leave them, beside the plain one
	@$(PY) benchmarks/front_ends.py $(ARGS)

bench-earlier: $(ENV)/dev.stamp  ## time a class in which earlier answers are wrong
	@$(PY) benchmarks/earlier_answers.py $(ARGS)

bench-starts: $(ENV)/dev.stamp  ## processor time that commands take before they do anything
	@$(PY) benchmarks/starts.py $(ARGS)

bench-latency: $(ENV)/dev.stamp  ## time the explorers' answers in Chromium (ARGS="--times 10")
	@$(PY) benchmarks/latency.py $(ARGS)

bench-throughput: $(ENV)/dev.stamp  ## time a large class, also by dask's workers, and the writing (ARGS="--submissions 200")
	@$(PY) benchmarks/throughput.py $(ARGS)

pictures: $(ENV)/dev.stamp  ## take the README's pictures anew, in Chromium
	@PYTHONPATH="$(CURDIR):$(CURDIR)/tests" $(PY) tools/pictures.py

sheet: $(ENV)/dev.stamp  ## all that people see, light beside dark, in sheet/, taken in Chromium
	@PYTHONPATH="$(CURDIR):$(CURDIR)/tests" $(PY) tools/contact_sheet.py

book: $(ENV)/course.stamp $(ENV)/book.stamp  ## a site of the lessons to read, in book/_build/html
	@PYTHONPATH="$(CURDIR)" $(PY) tools/book/pages.py book
	@$(ENV)/book/bin/jupyter-book build --quiet --warningiserror --path-output book book/pages

lint: $(ENV)/dev.stamp  ## ruff, mypy, deno for JavaScript, and the spelling of code and prose
	@$(PY) -m ruff check --quiet
	@$(PY) -m mypy
	@$(ENV)/bin/lint-imports --no-cache > $(ENV)/imports.log || { cat $(ENV)/imports.log; exit 1; }
	@$(ENV)/bin/deno check --quiet --config tools/deno.json utils tools
	@$(ENV)/bin/deno lint --quiet --config tools/deno.json autograder utils tools
	@$(PY) -m codespell_lib

format: $(ENV)/dev.stamp  ## let ruff put right what it can
	@$(PY) -m ruff check --fix

clean:  ## remove the environment and caches, never work/ or grading/
	rm -rf $(ENV) .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find autograder benchmarks config docs misconceptions solutions tests tools utils -name __pycache__ -prune -exec rm -r {} +

# An environment whose Python is gone (removed, or the clone came from another machine) is made anew.
$(shell test -x $(PY) || rm -f $(ENV)/*.stamp)

$(ENV)/course.stamp: $(REQUIREMENTS)
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "Python 3.11 or newer is needed, and there is no $(PYTHON). Try: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Try: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) can't make environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in $(ENV): about a minute, once."
	@"$(PYTHON)" -m venv --upgrade-deps $(ENV)
	@$(PY) -m pip install --quiet --requirement $(REQUIREMENTS)
	@touch $@

$(ENV)/dev.stamp: $(ENV)/course.stamp pyproject.toml
	@$(PY) -m pip install --quiet --requirement $(REQUIREMENTS) --group dev
	@touch $@

$(ENV)/book.stamp: $(ENV)/course.stamp pyproject.toml
	@echo "Making the environment of the book in $(ENV)/book: half a minute, once."
	@"$(PYTHON)" -m venv --upgrade-deps $(ENV)/book
	@$(ENV)/book/bin/python -m pip install --quiet --group book
	@touch $@
