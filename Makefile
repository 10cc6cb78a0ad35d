# Each target is what a person could type; the set-up is done anew when what it depends on changes.
PYTHON ?= python3
BIN = .venv/bin
export UV_COMPILE_BYTECODE = 1

.PHONY: report test test-browser lab lint learn evaluate bench fuzz

report: .venv/ready
	$(BIN)/riskdata report

test: .venv/ready
	$(BIN)/pytest

test-browser: .venv/ready
	$(BIN)/pytest tests/browser -m browser

lab: .venv/ready
	$(BIN)/jupyter lab notebooks --LabApp.app_settings_dir=$(CURDIR)/.lab

lint: .venv/ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

evaluate: .venv/ready
	$(BIN)/python -m benchmarks.evaluate_comments
	$(BIN)/python benchmarks/evaluate_links.py

learn: .venv/ready
	$(BIN)/python -m benchmarks.learn_comments

fuzz: .venv/ready
	$(BIN)/python benchmarks/fuzz.py $(COUNT)

bench: .venv/ready
	$(BIN)/python -m benchmarks.run

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[test]'
	touch $@
