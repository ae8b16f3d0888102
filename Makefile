# All of it is done by packaging/bootstrap.py, on Windows too; further arguments for pytest or the benchmark go in ARGS.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
run = @$(PYTHON) packaging/bootstrap.py $@ $(ARGS)

.DEFAULT_GOAL := setup
.PHONY: setup demo test coverage bench lint docs pictures package test-package clean

setup:
	$(run)

demo:
	$(run)

test:
	$(run)

coverage:
	$(run)

bench:
	$(run)

lint:
	$(run)

docs:
	$(run)

pictures:
	$(run)

package:
	$(run)

test-package:
	$(run)

clean:
	$(run)
