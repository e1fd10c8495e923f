# The doors of the house; what they do is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run dev test lint browser build bench clean

help: ## Print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## Build if needed, and serve with demo data at http://127.0.0.1:3000
	@scripts/run

dev: ## Rebuild and reload at every change
	@scripts/dev

test: ## All checks: lint, tests on both databases, browser tests
	@scripts/test

browser: ## The browser tests alone, against the release build
	@scripts/test-browser

lint: ## Formatting, Clippy, licences, unused dependencies
	@scripts/lint

build: ## The release build alone: target/release/coco
	@scripts/build

bench: ## Measure how fast it is
	@scripts/bench

clean: ## Delete everything that was built; data/ stays
	@scripts/postgres remove 2>/dev/null || true
	@rm -rf target scripts/node_modules end2end/node_modules end2end/test-results end2end/playwright-report
