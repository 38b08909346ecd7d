# Pasok's commands, one per job. `make help` lists them.
#
# The recipes stay one line long: what takes more lives in scripts/, where it can be read and run on its own.

SHELL := /bin/sh
.DEFAULT_GOAL := help

CARGO ?= cargo
# The city that `make demo` plays through: kupang, bogor or jakarta-utara.
CITY ?= kupang
# Where `make serve` listens, and the database it opens; the one that `make demo` leaves unless you say otherwise.
LISTEN ?= 127.0.0.1:8080
DATABASE ?= sqlite://$(CURDIR)/var/demo-$(CITY).db
# The name of the image that `make docker` builds.
IMAGE ?= pasok

export CARGO

.PHONY: help setup build demo serve test browser-test oracle plans fuzz lint fmt fault seal-quiet api-fuzz bench bench-check bench-packages docker docker-check screens weights clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what a build needs and this machine lacks (cmake, libclang, OpenSSL headers)
	@scripts/setup.sh build

build: setup ## Build the release binaries into target/release
	@scripts/build-release.sh

demo: build ## Play a week of Kota Kupang through to purchase orders, on SQLite (CITY=bogor for another city)
	@scripts/demo.sh $(CITY)

serve: build ## Serve the API and the web page over the demo's data (DATABASE=…, LISTEN=…)
	@scripts/serve.sh "$(DATABASE)" "$(LISTEN)"

test: setup ## Run every test on SQLite, on a throw-away PostgreSQL, and the pages in Chromium
	@scripts/with-postgres.sh $(CARGO) test --workspace --locked
	@scripts/browser-tests.sh

browser-test: ## Run only the tests of the pages in Chromium, over the program as it was last built
	@scripts/browser-tests.sh

screens: ## Take pictures of every page into docs/screens, over the program as it was last built
	@scripts/browser-packages.sh && node tests/browser/screens.mjs

weights: ## Weigh every page into docs/benchmarks.md, over the program as it was last built
	@scripts/browser-packages.sh && node tests/browser/weights.mjs

oracle: setup ## Hold the solver against a count of every plan of 20,000 small markets
	@$(CARGO) test --workspace --locked --test oracle -- --ignored --nocapture

plans: setup ## Hold the release build to the recorded plans, byte for byte (make test holds the debug build)
	@$(CARGO) test --release --workspace --locked --test solve recorded

# Seconds for each reader.
FUZZ_SECONDS ?= 60

fuzz: setup ## Fuzz the solver's readers with libFuzzer on the ordinary compiler (FUZZ_SECONDS=60 for each)
	@scripts/fuzz.sh $(FUZZ_SECONDS)

lint: setup ## Check format, lints, docs, scripts and dependencies; any finding is a failure
	@scripts/lint.sh

fmt: ## Format the Rust sources
	@$(CARGO) fmt --all

# Kills of the fault campaign on each database, and the seed that chooses their moments.
KILLS_SQLITE ?= 50
KILLS_POSTGRES ?= 20
SEED ?= 1
# How long the API's fuzzer tries each role.
SECONDS_PER_ROLE ?= 60

fault: setup ## Kill the server outright while people trade, on both databases (KILLS_SQLITE=50 KILLS_POSTGRES=20 SEED=1)
	@PASOK_FAULT_KILLS_SQLITE=$(KILLS_SQLITE) PASOK_FAULT_KILLS_POSTGRES=$(KILLS_POSTGRES) PASOK_FAULT_SEED=$(SEED) \
		scripts/with-postgres.sh $(CARGO) test --locked --test api fault:: -- --nocapture

# Requests that two databases differing in one sealed bid must answer alike.
SEAL_REQUESTS ?= 10000

seal-quiet: setup ## Ask two databases that differ in one sealed bid the same 10,000 things (SEAL_REQUESTS=10000 SEED=1)
	@PASOK_SEAL_REQUESTS=$(SEAL_REQUESTS) PASOK_SEAL_SEED=$(SEED) $(CARGO) test --locked --test api seal::quiet::nobody

api-fuzz: build ## Schemathesis against a running server, once per role (SECONDS_PER_ROLE=60 SEED=1)
	@python3 scripts/api-fuzz.py --seconds $(SECONDS_PER_ROLE) --seed $(SEED)

bench: build ## Time the solver against its peers on the same instances
	@python3 bench/run.py

# A province's week is some 175,000 lines.
WEEKS ?= 6

bench-check: build ## Time `pasok check` on a million awarded lines (WEEKS=6 of a province)
	@python3 bench/check.py --weeks $(WEEKS)

bench-packages: build ## Solve 100 scenarios of tenders with 10,000 package bids each
	@python3 bench/packages.py

docker: ## Build the container image (IMAGE=pasok)
	@docker build --tag "$(IMAGE)" .

docker-check: ## Replay the Dockerfile in a clean Debian chroot; needs root, no container engine
	@scripts/check-dockerfile.sh

clean: ## Remove build products and the demo's files (var/)
	@$(CARGO) clean && rm -rf var
