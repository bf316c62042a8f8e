# The two commands of the README do all set-up themselves.
.PHONY: run test lint types slow mnist keras texts screenshots setup

run: ## set up if needed, then start kgui; without a display, train the example on the console
	@tools/setup.sh run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec .venv/bin/python main.py; \
	else exec .venv/bin/python tools/run_headless.py; fi

test: setup lint types ## set up if needed, then lint, types, architecture and tests, in this order
	@.venv/bin/python -m pytest -q tests/test_architecture.py
	@.venv/bin/python -m pytest -q --ignore=tests/test_architecture.py
	@.venv/bin/python tools/count_lines.py

setup:
	@tools/setup.sh test

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check -q .

types: setup
	@.venv/bin/mypy

slow: setup ## the fault and fuzz tests with twenty times the cases: about an hour
	@KGUI_FUZZ=20 .venv/bin/python -m pytest -q tests/io tests/graph tests/data

mnist: setup ## the article's network on the full MNIST: make mnist MNIST=folder of the four files
	@.venv/bin/python tools/train_mnist.py "$(MNIST)"

KERAS ?= python
keras: ## models given to the real Keras and back; KERAS=a Python that has keras, a backend and h5py
	@$(KERAS) tests/golden/exchange.py

texts: setup ## the list of all texts, for translators
	@.venv/bin/python tools/extract_texts.py

screenshots: setup ## docs/screenshots/ anew, from the real window
	@.venv/bin/python tools/take_screenshots.py
