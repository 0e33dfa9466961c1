# Linda: build, test, install. `make help` lists the targets.

SHELL := /bin/bash
PREFIX ?= /usr
DESTDIR ?=
UNITDIR ?= $(PREFIX)/lib/systemd/system
SWIFT ?= swift
# Shown by `make help` in this order.
TARGETS := deps build release test test-clients test-api test-proxies test-systemd test-checks soak soak-sending storm growth check format generate train bench demo install clean help

.PHONY: $(TARGETS) check-format check-source check-generated check-units

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install what is missing from Debian; asks for root only when it has to.
	@scripts/deps

build: deps ## Build everything for development.
	$(SWIFT) build --build-tests

release: deps ## Build the programs with optimisation.
	$(SWIFT) build -c release

test: build ## Run every test, those under a real systemd included.
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 $(SWIFT) test --skip-build --skip Integration
	$(SWIFT) test --skip-build --no-parallel --filter Integration
	@$(MAKE) --no-print-directory test-clients
	@$(MAKE) --no-print-directory test-api
	@$(MAKE) --no-print-directory test-proxies
	@$(MAKE) --no-print-directory test-systemd

test-clients: build ## Hold the sandbox against a client that others wrote (PyWa), as what it calls and as what calls its webhooks.
	@Tests/Clients/run .build/debug

test-api: build ## Hold the HTTP API against its own OpenAPI document (schemathesis).
	@Tests/API/run .build/debug

test-proxies: build ## Run the examples of reverse proxies (docs/proxy) before a gateway.
	@Tests/Proxies/run .build/debug

test-systemd: build ## Boot a real systemd in a disposable root and test the units in it.
	@Tests/Systemd/run .build/debug

test-checks: build ## Break each rule of make check on purpose, in a copy, and see that it fails.
	@Tests/Checks/run .build/debug
	@python3 -B Tests/Growth/verdict.py

soak: release ## Kill every process at random under load, RUNS times (20 by default).
	$(SWIFT) build --build-tests
	LINDA_PROGRAMS=$(CURDIR)/.build/release LINDA_SOAK_RUNS=$(or $(RUNS),20) $(SWIFT) test --skip-build --filter CrashSerialTests

soak-sending: release ## Send at full rate for LENGTH seconds (600 by default) and print each process's memory as it goes.
	.build/release/linda-bench soak .build/release $(or $(LENGTH),600)

storm: release ## Everything that can go wrong at once, for LENGTH seconds (1800 by default), in one process and in many.
	$(SWIFT) build --build-tests
	LINDA_PROGRAMS=$(CURDIR)/.build/release LINDA_STORM_SECONDS=$(or $(LENGTH),1800) $(SWIFT) test --skip-build --filter StormSerialTests

growth: release ## Fail where a call of any process costs markedly more with ROWS rows (a million by default) than with ten thousand.
	@Tests/Growth/run .build/release $(or $(ROWS),1000000)

check: check-format check-source build check-generated check-units test-checks ## Check format, structure, generated files and units.

check-format:
	$(SWIFT) format lint --strict --recursive Package.swift Shared Services Tests

check-source:
	@scripts/check-source
	@scripts/check-modules
	@scripts/check-changes

check-generated:
	@scripts/generate .build/debug build/generated
	@diff -ru docs/reference build/generated && echo "docs/reference is up to date" || { echo "run: make generate"; exit 1; }

check-units:
	@scripts/check-units

format: ## Rewrite the sources in the house's format.
	$(SWIFT) format --in-place --recursive Package.swift Shared Services Tests

generate: build ## Write the reference for methods, faults and settings from the code.
	@scripts/generate .build/debug docs/reference

train: release ## Train the reader of withdrawals from Tests/Training, and print how well it does.
	.build/release/linda-train Tests/Training/consent Services/account-router/Contacts/Opting/OptWeights.swift

bench: release ## Print each speed budget beside its peer, as a ratio in one run.
	@Tests/Bench/run

demo: release ## Play the demonstration on the sandbox; DEMO_EXIT=1 ends it after the report.
	@.build/release/linda demo --start $(if $(DEMO_EXIT),--exit)

install: ## Install programs, runtime, units and users' definitions under DESTDIR; make release comes first.
	@scripts/install "$(DESTDIR)" "$(PREFIX)" "$(UNITDIR)"

clean: ## Remove what was built.
	rm -rf .build .build-bench .build-grpc build
