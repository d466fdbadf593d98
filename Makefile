.DEFAULT_GOAL := help
SHELL := /bin/bash
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start Hookline on embedded SQLite in ./data
	go run . serve

live: node_modules ## Start it for development: rebuild pages and styles on change, loopback targets allowed
	npx @tailwindcss/cli -i static/css/input.css -o static/css/app.css --watch=always & \
	trap 'kill %1' EXIT; \
	go tool templ generate -include-version=false --watch --cmd="go run . serve --allow-http --allow-targets 127.0.0.0/8"

generate: ## Generate Go from the templ files
	go tool templ generate -include-version=false

css: node_modules ## Build the style sheet
	npx @tailwindcss/cli -i static/css/input.css -o static/css/app.css --minify

fmt: ## Format Go and templ files
	go tool templ fmt .
	gofmt -w $$(git ls-files '*.go' | grep -v _templ.go)

lint: ## Vet and lint
	go mod tidy -diff
	go vet ./...
	go tool templ fmt -fail .
	$(GOLANGCI) run

# The race detector runs the tests of every package that imports sync, but for those
# that mostly wait for a browser, another process or the whole server.
IMPORTS := {{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}} {{end}}
CONCURRENT = $$(go list -f '$(IMPORTS)' ./... | grep -E ' (golang.org/x/)?sync[ /]' | cut -d' ' -f1 | grep -vE '/(bench|browsertest|crashtest|snippet|app/web|views)$$')

test: node_modules ## Set up what the tests need, and run all: unit, both databases, crashes, browser
	@./app/apptest/setup.sh
	go test -race -timeout 15m $(CONCURRENT)
	go test -timeout 15m $$(go list ./... | grep -vxF "$(CONCURRENT)")

FUZZTIME ?= 2s
fuzz: ## Fuzz what reads templates and escapes values (FUZZTIME=1m for longer, each)
	@for dir in $$(grep -rl '^func Fuzz' --include='*_test.go' app | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -c6-); do \
			go test ./$$dir -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) || exit 1; \
		done; \
	done

bench: ## Measure, as ratios inside one run (ARGS=-short for a quick look)
	go run ./app/bench $(ARGS)

check: generate css ## Prove that generated files are fresh, then lint and test
	@git diff --exit-code --stat -- '*_templ.go' static/css/app.css || { echo "Generated files were stale: commit them."; exit 1; }
	$(MAKE) lint test fuzz

build: ## Build the binary into ./bin
	CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -o bin/hookline .

node_modules: package-lock.json
	npm install --no-save --no-audit --no-fund --silent
	@touch node_modules

.PHONY: help run live generate css fmt lint test fuzz bench check build
