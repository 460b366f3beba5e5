# make try    see the four hooks at work (installs what it needs into .venv and .cache)
# make test   the whole test suite, the real Codex CLI included
# make check  lint, types, import rules: the fast ones
# make bench  latency as tables, turns' ends included; make bench-secrets: recall, false alarms and speed of the secret search;
#             make bench-commands: recall and false denials of the command rules

PYTHON ?= python3
BIN := .venv/bin
CODEX_VERSION := 0.169.0
CODEX_HOME_CACHE := .cache/codex-cli-$(CODEX_VERSION)

.PHONY: try test check bench bench-secrets bench-commands index clean

try: .venv/.installed
	@if [ -z "$$CODEX_BIN" ] && [ ! -x $(CODEX_HOME_CACHE)/node_modules/.bin/codex ] && command -v npm >/dev/null 2>&1; then \
	  echo "Installing the Codex CLI $(CODEX_VERSION) into $(CODEX_HOME_CACHE) (once) ..."; \
	  npm install --silent --no-audit --no-fund --prefix $(CODEX_HOME_CACHE) @openai/codex@$(CODEX_VERSION) \
	    || echo "npm could not install it: the demo replays events instead."; fi
	@PATH="$(CURDIR)/$(CODEX_HOME_CACHE)/node_modules/.bin:$$PATH" $(BIN)/codex-guard demo

test: .venv/.dev index
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

check: .venv/.dev index
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codex-guard scan .

bench: .venv/.dev index
	$(BIN)/python -I benchmarks/latency.py
	PATH="$$PATH:$(CURDIR)/$(CODEX_HOME_CACHE)/node_modules/.bin" $(BIN)/python -I benchmarks/turn_ends.py

# make bench-secrets CASES=cases.jsonl also scores labelled cases, beside every peer on PATH; the script's
# docstring says what they look like. --pumped takes half an hour for all rules, so ask for it by hand.
bench-secrets: .venv/.dev index
	$(BIN)/python -I benchmarks/secrets.py --benign $(if $(CASES),--cases '$(CASES)')

# What hostile text costs the parser; with CASES=commands.jsonl also how labelled commands are judged: the script's
# docstring says what they look like.
bench-commands: .venv/.dev index
	$(BIN)/python -I benchmarks/hostile_bash.py
	$(if $(CASES),$(BIN)/python -I benchmarks/commands.py --cases '$(CASES)')

index: .venv/.dev
	@$(BIN)/python -m codex_guard.build

# An editable install, so that what runs is what is here.
.venv/.installed: pyproject.toml hatch_build.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "codex-guard needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv .cache build dist
