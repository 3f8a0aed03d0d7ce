# EightD from a fresh machine with git, python3 (with venv) and make.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
LISTEN := $(if $(HOST),EIGHTD_HOST=$(HOST)) $(if $(PORT),EIGHTD_PORT=$(PORT))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run demo test rules soak check bench messages docs lock installed test-installed programs

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: installed ## install what is missing, then serve on http://127.0.0.1:8000 (HOST=… PORT=… change it)
	@exec env $(LISTEN) $(PY) -m eightd serve

demo: installed ## the same with the demonstration plant, in its own folder instance/demo
	@EIGHTD_INSTANCE=instance/demo $(PY) -m eightd init --demo
	@exec env $(LISTEN) EIGHTD_INSTANCE=instance/demo $(PY) -m eightd serve

test: test-installed programs ## every test, the rules' own first (Chromium and PostgreSQL are installed where that may be done)
	@failed=0; $(MAKE) --no-print-directory rules || failed=1; \
		$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal --ignore=tests/domain $(ARGS) || failed=1; \
		exit $$failed

rules: test-installed ## the rules' own tests, which must reach every branch of every rule
	@$(PY) -m pytest -q tests/domain -n 0 --cov=eightd.domain --cov-branch --cov-report=term-missing:skip-covered \
		--cov-fail-under=100

soak: test-installed programs ## kill, fill, cut off and flood the program for long (KILLS=2000)
	@$(PY) -m pytest -n 0 -s tests/faults --soak $(or $(KILLS),2000) $(ARGS)

check: test-installed ## lint, format, types and who may import whom
	@failed=0; \
		$(PY) -m ruff check . || failed=1; \
		$(PY) -m ruff format --check . || failed=1; \
		$(PY) -m mypy || failed=1; \
		$(VENV)/bin/lint-imports --config setup.cfg || failed=1; exit $$failed

bench: test-installed ## measure, at 10,000 and 100,000 complaints
	@$(PY) -m bench $(ARGS)

messages: installed ## compile the translations: each .po beside it to .mo
	@$(PY) -m babel.messages.frontend --quiet compile -d eightd/web/translations -l zh \
		-D "$(basename $(notdir $(wildcard eightd/web/translations/zh/LC_MESSAGES/*.po)))"

docs: test-installed ## write docs/cli.md anew from the commands' own help
	@$(PY) -m tests.cli.reference

lock: ## resolve the dependencies of setup.cfg anew, for every platform (needs uv)
	@echo 'setuptools>=77' | uv pip compile --quiet --no-config --custom-compile-command 'make lock' --universal --generate-hashes \
		--python-version 3.11 $(UPGRADE) --extra postgres --extra server --extra signing setup.cfg - -o requirements.lock
	@echo 'setuptools>=77' | uv pip compile --quiet --no-config --custom-compile-command 'make lock' --universal --generate-hashes \
		--python-version 3.11 $(UPGRADE) --all-extras -c requirements.lock setup.cfg - -o requirements-dev.lock

# The lock that was installed is kept beside what it installed: nothing is done again while they are equal.
installed: $(PY)
	@cmp -s requirements.lock $(VENV)/installed.lock || { \
		echo 'Installing the dependencies …' && \
		$(PY) -m pip install --quiet --require-hashes -r requirements.lock && \
		$(PY) -m pip install --quiet --no-index --no-deps --no-build-isolation --editable . && \
		cp requirements.lock $(VENV)/installed.lock; }

test-installed: installed
	@cmp -s requirements-dev.lock $(VENV)/installed-dev.lock || { \
		echo 'Installing what the tests need …' && \
		$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock && \
		cp requirements-dev.lock $(VENV)/installed-dev.lock; }

programs:
	@sh tests/install_programs.sh

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "EightD needs Python 3.11 or later")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'python3 has no venv here: apt-get install python3-venv'; exit 1; }
