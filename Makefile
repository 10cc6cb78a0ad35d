# Each target is what a person could type; the set-up is done anew when what it depends on changes.
PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt
# What is imported is compiled once: else each of the dozens of processes of a run would do it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report lab pictures test test-long test-browser lint learn evaluate bench fuzz

report: .venv/ready
	$(BIN)/riskdata report

lab: .venv/ready
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks --LabApp.app_settings_dir=$(CURDIR)/.lab

# The pictures in docs/, from the sample; needs Chromium, LibreOffice and poppler.
pictures: .venv/test
	$(BIN)/python -m tests.make_pictures

# What has to pass before each commit: under four minutes of processor time, on every processor; what
# a file of tests makes once is made once.
test: .venv/test
	$(BIN)/pytest -n auto --dist loadfile

# Many examples of each property, fifty kills, clusters.
test-long: .venv/test
	RISKDATA_LONG_TESTS=1 $(BIN)/pytest -n auto --dist loadfile -m 'not browser'

test-browser: .venv/test
	$(BIN)/pytest tests/browser -m browser

lint: .venv/test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

evaluate: .venv/test
	$(BIN)/python -m benchmarks.evaluate_comments
	$(BIN)/python -m benchmarks.evaluate_links

learn: .venv/ready
	$(BIN)/python -m benchmarks.learn_comments

fuzz: .venv/test
	$(BIN)/python benchmarks/fuzz.py $(COUNT)
	$(BIN)/python benchmarks/fuzz.py harm $(COUNT)

bench: .venv/test
	$(BIN)/python -m benchmarks.run

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(INSTALL) -e .
	touch $@

.venv/test: .venv/ready
	$(INSTALL) -e '.[test]'
	touch $@
