# Thin: each target says what is wanted, tools/ knows how. Python 3.11 or newer, Debian or Ubuntu.
PYTHON ?= python3

.PHONY: help run test check fmt lock screenshots benchmark benchmark-search benchmark-import
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 26

run: ## set up what is missing, then start the web server and the worker with the demo (PORT=8000)
	@$(PYTHON) -m tools.run

test: ## all checks and all tests, on SQLite and PostgreSQL (ARGS="tests/web -k inbox" for some)
	@$(PYTHON) -m tools.test $(ARGS)

check: ## style, types, import contracts
	@$(PYTHON) -m tools.check

fmt: ## sort imports and apply the fixes that ruff calls safe
	@$(PYTHON) -m tools.environment --tests
	@.venv/bin/ruff check --fix --quiet .

lock: ## compile requirements.txt and tests/requirements.txt from their .in files (needs uv)
	uv pip compile --generate-hashes --no-emit-index-url --python-version 3.11 --quiet \
		requirements.in -o requirements.txt
	uv pip compile --generate-hashes --no-emit-index-url --python-version 3.11 --quiet \
		-c requirements.txt tests/requirements.in -o tests/requirements.txt

screenshots: ## make the pictures of the README anew
	@$(PYTHON) -m tools.environment --tests
	@.venv/bin/python -m tools.screenshots

benchmark: ## measure one inquiry from intake to the signed letter, phase by phase
	@$(PYTHON) -m tools.environment
	@.venv/bin/python -m benchmarks.answer_inquiry

benchmark-search: ## measure searches beside Whoosh, SQLite FTS5 and tantivy (ARGS="--sizes 1000,100000 --check 10000")
	@$(PYTHON) -m tools.environment --tests
	@.venv/bin/python -m benchmarks.search $(ARGS)

benchmark-import: ## measure the import of a large literature file (ARGS="--records 20000 --into 5000 --index")
	@$(PYTHON) -m tools.environment --tests
	@.venv/bin/python -m benchmarks.import_library $(ARGS)
