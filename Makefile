# Two commands do all the set-up on a machine with python3 and make:
#   make brief   the picture, offline, from the embedded holdings
#   make test    everything the tests need, then the tests
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= picture
# Processes that share the tests, a file at a time.
JOBS   ?= 2
APT    := $(shell [ "$$(id -u)" = 0 ] && echo apt-get || echo sudo apt-get)

.PHONY: brief check docs test lint types clean harden mutate new-source new-measure new-claim

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.test-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,spark,serve,mcp]'
	touch $@

brief: $(VENV)/.installed
	$(BIN)/bilat brief --out $(OUT)

# Chromium opens the site in the tests; Debian's package is the one they drive.
/usr/bin/chromium:
	$(APT) update -qq
	$(APT) install -y -qq chromium

test: $(VENV)/.test-installed /usr/bin/chromium lint types
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

# What a change is most likely to break, in two minutes on one core; nothing but Python is started.
CHECK := tests/test_house.py tests/test_shared_files.py tests/measures tests/catalog/test_spoilt_files.py \
  tests/catalog/test_page_dates.py tests/document tests/files tests/goods tests/test_dyad.py tests/test_errors.py \
  tests/test_places.py tests/test_statistics.py tests/verdicts/test_rules.py

$(VENV)/.check-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[check,pandas,pull,report,serve]'
	touch $@

check: $(VENV)/.check-installed
	$(BIN)/ruff check src tests benchmarks scaffold docs
	$(BIN)/ruff format --check src tests benchmarks scaffold docs
	$(BIN)/mypy
	$(BIN)/python -m pytest -m 'not (shared or slow or browser or cluster)' $(CHECK)

lint: $(VENV)/.test-installed
	$(BIN)/ruff check src tests benchmarks scaffold docs
	$(BIN)/ruff format --check src tests benchmarks scaffold docs

types: $(VENV)/.test-installed
	$(BIN)/mypy

# The docs as a site in site/, for a browser or any plain file server.
docs: $(VENV)/.test-installed
	$(BIN)/python docs/site.py

clean:
	rm -rf $(VENV) $(OUT)

# The files of a new source, measure or claim, with the places to fill in (CONTRIBUTING.md).
TABLE ?= flows
new-source: $(VENV)/.installed
	$(BIN)/python scaffold/new.py source '$(NAME)' '$(FILE)' --table '$(TABLE)'
new-measure: $(VENV)/.installed
	$(BIN)/python scaffold/new.py measure '$(NAME)' --table '$(TABLE)'
new-claim: $(VENV)/.installed
	$(BIN)/python scaffold/new.py claim '$(ID)' '$(CHAPTER)' '$(MEASURE)'

# Kills, damaged files, a misbehaving publisher, full disks, two writers: benchmarks/harden.md.
harden: $(VENV)/.test-installed
	$(BIN)/python benchmarks/harden.py

# Random changes of the code, and whether the tests notice. A change takes minutes: EACH for each room.
EACH ?= 5
SEED ?= 1
$(VENV)-mutate/.installed: | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)-mutate
	$(VENV)-mutate/bin/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	touch $@
mutate: $(VENV)/.test-installed $(VENV)-mutate/.installed
	$(VENV)-mutate/bin/python scaffold/mutate.py --python '$(abspath $(BIN)/python)' --each $(EACH) --seed $(SEED)
