# Pressroom: `make` lists what there is. GNU make 3.81 or later, a POSIX shell, Python 3.11 or later with venv.

SHELL = /bin/sh
VENV = .venv
PY = $(VENV)/bin/python
# For commands that need settings but no installation: throw-away secrets.
CHECK_SETTINGS = DJANGO_SETTINGS_MODULE=tests.settings

.DEFAULT_GOAL = help
.PHONY: help demo run test test-fast nightly check lint format-check types imports migrations system deprecations \
	audit catalogues format lock messages matrix simulate-year torture bench clean

help:
	@echo "make demo      set everything up and see an order come out of a printer"
	@echo "make run       web server and worker together, for trying it out: http://localhost:8000/"
	@echo "make test      the whole test suite; ARGS='-k lane' for a part, DATABASE_URL=postgres://... on PostgreSQL"
	@echo "make test-fast what starts no server, no browser and no process, and takes no time: for the daily loop"
	@echo "make nightly   everything that takes too long for each change, a line per part; ONLY=matrix,year for some"
	@echo "make check     linters, types, import rules, migrations, translations, deprecations, known vulnerabilities"
	@echo "make format    let ruff put the code in order"
	@echo "make matrix    every print service with every fault; SEED=n repeats a run's times and order"
	@echo "make simulate-year"
	@echo "               a year of dunning: 2,000 invoices, and everything that can come in between; SEED=n repeats it"
	@echo "make torture   everything that prints, killed, stopped, cut off and flooded: is anything lost or wrong?"
	@echo "               SEED=n repeats the blows, SECONDS=s (60) of them, BROKER=redis instead of db"
	@echo "make bench     how fast it is beside simpler ways; ARGS=--quick for whether the benchmark works"
	@echo "make messages  collect and compile translations (needs gettext)"
	@echo "make lock      renew the pinned requirements"
	@echo "make clean     remove caches; var/ and $(VENV)/ stay"

# --- the environment: made once, renewed when the requirements change ---------------------------------------------

$(VENV)/installed: requirements.txt .ci/venv
	@.ci/venv $(VENV) requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt .ci/venv
	@.ci/venv $(VENV) requirements-dev.txt
	@touch $@ $(VENV)/installed

# --- trying it out ------------------------------------------------------------------------------------------------

demo: $(VENV)/installed
	@$(PY) -m config.first_run
	@PYTHONUNBUFFERED=1 $(PY) manage.py demo

run: $(VENV)/installed
	@$(PY) -m config.first_run
	@PYTHONUNBUFFERED=1 $(PY) manage.py run

# --- tests and checks ---------------------------------------------------------------------------------------------

# All cores; -n 0 in ARGS is one process. Tests are handed out in twos, so that nobody sits on a row of long ones.
# Whether the torture finds planted faults has its own cluster and its own time: ARGS='-m torture'. The last -m decides:
# who chooses by another marker says "and not torture".
test: $(VENV)/installed-dev
	$(PY) -m pytest -n auto --maxschedchunk 2 -m 'not torture' $(ARGS)

# What CONTRIBUTING.md calls the daily loop; tests/needs.py has the markers.
test-fast: $(VENV)/installed-dev
	$(PY) -m pytest -n logical -m 'not server and not browser and not process and not fake and not torture and not long' $(ARGS)

nightly: $(VENV)/installed-dev
	@$(PY) .ci/nightly.py

check: lint format-check types imports migrations system deprecations catalogues audit
	@echo "All checks passed."

lint: $(VENV)/installed-dev
	$(PY) -m ruff check .

format-check: $(VENV)/installed-dev
	$(PY) -m ruff format --check .

types: $(VENV)/installed-dev
	$(PY) -m mypy

imports: $(VENV)/installed-dev
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache --no-logo

migrations: $(VENV)/installed-dev
	$(CHECK_SETTINGS) $(PY) manage.py makemigrations --check --dry-run

system: $(VENV)/installed-dev
	$(CHECK_SETTINGS) $(PY) manage.py check --fail-level WARNING

deprecations: $(VENV)/installed-dev
	$(CHECK_SETTINGS) $(PY) .ci/deprecations.py

catalogues: $(VENV)/installed-dev
	$(PY) .ci/catalogues.py

audit: $(VENV)/installed-dev
	$(PY) .ci/audit.py requirements.txt

format: $(VENV)/installed-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

matrix: $(VENV)/installed-dev
	@$(CHECK_SETTINGS) $(PY) -m tests.matrix $(if $(SEED),--seed $(SEED))

simulate-year: $(VENV)/installed-dev
	@$(CHECK_SETTINGS) $(PY) -m tests.simulation $(if $(SEED),--seed $(SEED))

torture: $(VENV)/installed-dev
	@$(PY) -m tests.torture $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(BROKER),--broker $(BROKER))

bench: $(VENV)/installed-dev
	$(PY) -m benchmarks --json $(ARGS)

# --- upkeep -------------------------------------------------------------------------------------------------------

# The newest versions within the majors that are pinned now: CONTRIBUTING.md says how to read the result.
lock: $(VENV)/installed-dev
	$(PY) .ci/lock.py requirements.txt requirements-dev.txt

messages: $(VENV)/installed-dev
	@command -v msgfmt >/dev/null || { echo "make messages needs gettext (Debian: apt-get install gettext)."; exit 1; }
	$(CHECK_SETTINGS) $(PY) manage.py makemessages --all --no-wrap --add-location file \
		--ignore '$(VENV)' --ignore var --ignore tests --ignore benchmarks
	$(CHECK_SETTINGS) $(PY) manage.py compilemessages --ignore '$(VENV)'

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
