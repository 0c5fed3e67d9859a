# The environment is .venv in this checkout: made once, reused by every target.
# TORCH_INDEX_URL=... chooses another wheel index for torch (a CPU build is 200 MB instead of 5.5 GB).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
TORCH_INDEX_URL ?=
TORCH_INDEX = $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL),)
OUT ?= build/rehearsal
# One test process per core, but no more than memory holds: each keeps a judge and a warmed worker.
WORKERS ?= -n auto --maxprocesses 4
export PIP_DISABLE_PIP_VERSION_CHECK = 1

EXAMPLES ?= 10000

.PHONY: help grade test fuzz lint check bench verify release course-image clean test-docker

help:
	@echo "make grade   grade a sample class and show where the report is"
	@echo "make test    run the tests"
	@echo "make fuzz    feed the grader with 10,000 broken inputs (EXAMPLES=N)"
	@echo "make check   lint, types, generated files, tests"
	@echo "make verify  prove that every assignment catches wrong code"
	@echo "make bench   measure what grading costs, beside other graders and the students' own code"
	@echo "make release       build release/ (for students) and dist/ (for Gradescope, Otter, nbgrader)"
	@echo "make course-image  build the image that grading containers start from"
	@echo "make test-docker   grade in real containers, where there is a Docker engine"
	@echo "make clean   remove what was built (not the environment)"

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.10 or newer is needed; name it with PYTHON=..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt $(TORCH_INDEX) torch torchvision
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,otter,nbgrader]'
	touch $(STAMP)

grade: $(STAMP)
	$(BIN)/autograder rehearse --out $(OUT)

WITH_PLATFORMS := tests/platforms tests/release tests/student

# Two runs: the platforms' own libraries (nbgrader, Otter, Jupyter) leave sockets and settings behind.
test: $(STAMP)
	$(BIN)/python -m pytest $(WORKERS) tests $(addprefix --ignore=,$(WITH_PLATFORMS))
	$(BIN)/python -m pytest $(WORKERS) $(WITH_PLATFORMS)

fuzz: $(STAMP)
	$(BIN)/python tests/fuzz/fuzz.py --examples $(EXAMPLES)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

# BENCH="--only class,cold" measures a part, BENCH="--before DIR" another tree beside this one; BENCH=--help says more.
bench: $(STAMP)
	$(BIN)/python -m tests.bench $(BENCH)

verify: $(STAMP)
	$(BIN)/autograder verify

release: $(STAMP)
	$(BIN)/autograder release

course-image: release
	DOCKER_BUILDKIT=1 docker build -t autograder-course .

# Needs an engine with buildx on DOCKER_HOST; says why it skips where there is none.
# AUTOGRADER_DOCKER_BASE=IMAGE is built upon; AUTOGRADER_DOCKER_WHEELS=DIR is installed from, without a network.
test-docker: $(STAMP)
	AUTOGRADER_TEST_DOCKER=1 $(BIN)/python -m pytest tests/docker -rs -s

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
