# Everything a newcomer needs: `make demo` and `make test`. `make check` is what every commit passes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Half of a visit is waiting: more than two workers for each of two processors.
JOBS ?= 4

.PHONY: demo test thorough check lint types layers browser bench numbers picture clean

demo: $(VENV)/.installed browser
	@$(BIN)/optout demo

test: $(VENV)/.installed-dev browser
	@$(BIN)/python -m pytest -q -n $(JOBS)

# Every flow under every condition besides: too long for every commit.
thorough: $(VENV)/.installed-dev browser
	@$(BIN)/python -m pytest -q -n $(JOBS) -m ""

check: $(VENV)/.installed-dev browser lint types layers test

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/.installed-dev
	@$(BIN)/mypy
	@$(BIN)/mypy flows

layers: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

# Finds a browser, or installs Playwright's; where that is refused and this is Debian's root, its package.
browser: $(VENV)/.installed
	@$(BIN)/optout doctor --install-browser >/dev/null

bench: $(VENV)/.installed-dev browser
	@$(BIN)/python bench/visit.py
	@$(BIN)/python bench/startup.py
	@$(BIN)/python bench/check.py
	@$(BIN)/python bench/evidence.py 1000
	@$(BIN)/python bench/ledger.py 10000

# How long flows are, how much of each is tried, how many platforms are known.
numbers: $(VENV)/.installed
	@$(BIN)/python docs/count.py

# The README's picture is what the demo leaves behind.
picture: $(VENV)/.installed browser
	@$(BIN)/python docs/pictures/make.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "optout needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml setup.py
	@echo "Installing optout into $(VENV) …" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need …" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test,lint]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
