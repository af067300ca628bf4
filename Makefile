# What people do here. `make test` is what CI runs first.

GO ?= go
STATICCHECK = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GORELEASER = $(GO) run github.com/goreleaser/goreleaser/v2@v2.16.0
# Below this address the formula expects a folder for each version. The project has
# no public address yet: this is the one place to change when it has.
UPS_DOWNLOADS ?= https://example.org/ups/releases
# How long each fuzz target runs; 60s is what a change to a package needs.
FUZZTIME ?= 60s
PREFIX ?= /usr/local
.PHONY: api api-check lsp-latency wasm wasm-check browser play docs build install test lint race fuzz bench bench-native bench-solvers mutate conformance getting-started man clean

build:
	$(GO) build -trimpath -o bin/ups ./cmd/ups

# Below DESTDIR, for who makes packages: the command, its pages, completions.
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install bin/ups $(DESTDIR)$(PREFIX)/bin/ups
	bin/ups man $(DESTDIR)$(PREFIX)/share/man/man1
	bin/ups completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ups
	bin/ups completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ups
	bin/ups completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ups.fish

test:
	$(GO) test -timeout 30m ./...

lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...

race:
	$(GO) test -race -timeout 30m ./...

# The targets are named in .ci/fuzz-targets.
fuzz:
	.ci/fuzz $(FUZZTIME)

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Decisions beside other engines, Hyperscan and RE2::Set among them.
bench-native:
	@missing=; \
	command -v $(CXX) >/dev/null || missing=" g++"; \
	for need in hs/hs.h:libhyperscan-dev re2/set.h:libre2-dev; do \
		echo "#include <$${need%:*}>" | $(CXX) -std=c++17 -E -x c++ - >/dev/null 2>&1 || missing="$$missing $${need#*:}"; \
	done; \
	test -z "$$missing" || { echo "missing; on Debian, apt-get install$$missing"; exit 1; }
	cd bench && CGO_ENABLED=1 $(GO) test -tags native . && CGO_ENABLED=1 $(GO) run -tags native .

# Lint beside SMT solvers, which must be there: on Debian, apt-get install z3 cvc5.
bench-solvers:
	cd bench && $(GO) run ./solvers

.PHONY: serve-load
# The load of ups serve, beside OPA's server: SERVE_LOAD='-rounds 9 -turn 2s'
serve-load:
	cd bench && $(GO) run ./serve $(SERVE_LOAD)

# Which changes of a package's code its tests don't notice: make mutate PKG=./grammar MUTATE='-n 60 -also ./cmd/ups'
PKG ?= ./internal/wildcard
MUTATE ?= -n 40
mutate:
	$(GO) run ./internal/mutate $(MUTATE) $(PKG)

# docs/getting-started.md, with the command as it is built, without environment,
# home or cache, and how long each step takes.
getting-started:
	$(GO) test -count=1 -v -run '^TestGettingStarted$$' ./cmd/ups

# What is generated from runtime/api/ups/v1/ups.proto; api-check says whether it is up to date.
BUF = cd runtime/api && $(GO) run github.com/bufbuild/buf/cmd/buf@v1.75.0
api:
	$(BUF) lint
	$(BUF) generate

api-check: api
	git diff --exit-code -- runtime/api

# How long diagnostics take after a keystroke in a source of 1,500 policies.
lsp-latency:
	$(GO) test -count=1 -v -timeout 30m -run '^TestKeystrokes$$' ./cmd/ups/lsp -keystrokes 500

.PHONY: serve-faults
# A server under load that is killed 200 times, and one whose disk gets full; and an
# honest client beside 10,000 hostile connections.
serve-faults:
	$(GO) test -count=1 -v -timeout 30m -run '^(TestKilled|TestDiskFull)$$' ./runtime/client -kills 200
	$(GO) test -count=1 -v -timeout 30m -run '^TestHonestAmongHostile$$' ./runtime/server -hostile 10000 -hostile-for 30s -honest-p99 10ms -honest-rounds 1

# The corpus of the reference compiler and of the device's own matcher.
conformance:
	$(GO) test -count=1 -v -run 'Conformance|Vectors|Examples|SourceCompiles' ./compiler ./internal/wildcard | grep -v '^=== '

# The documentation as a web site, below DOCS.
DOCS ?= site
docs:
	$(GO) run ./cmd/ups docs -d $(DOCS)

# The WebAssembly modules of the pages, which are kept in the repository; and whether
# those that are kept are of the sources as they are.
wasm:
	$(GO) run ./internal/genwasm
wasm-check:
	GOOS=js GOARCH=wasm $(GO) vet ./cmd/ups/page/wasm/...
	$(GO) run ./internal/genwasm -check

# The pages in a headless Chromium. Screenshots are written below ARTEFACTS.
ARTEFACTS ?= $(CURDIR)/artefacts
browser:
	@for need in chromium:chromium npm:npm; do \
		command -v $${need%:*} >/dev/null || { echo "missing; on Debian, apt-get install $${need#*:}"; exit 1; }; \
	done
	cd cmd/ups/page/browser && npm ci --silent --no-audit --no-fund && $(GO) vet ./... && ARTEFACTS=$(ARTEFACTS) $(GO) test -count=1 -timeout 30m -v .

.PHONY: dbus
# Notifications of the desktop over a bus of dbus-daemon.
dbus:
	@command -v dbus-daemon >/dev/null || { echo "missing; on Debian, apt-get install dbus-daemon"; exit 1; }
	$(GO) vet -tags dbus ./runtime/plugin/desktop
	$(GO) test -count=1 -tags dbus -run '^TestDaemon$$' -v ./runtime/plugin/desktop

.PHONY: units
# What systemd is given, below dist.
units: build
	@command -v systemd-analyze >/dev/null || { echo "missing; on Debian, apt-get install systemd"; exit 1; }
	.ci/units bin/ups

.PHONY: booted
# The same under a systemd that has booted, in a container. Takes a minute, and root.
booted:
	@command -v debootstrap systemd-nspawn >/dev/null || { echo "missing; on Debian, apt-get install debootstrap systemd-container"; exit 1; }
	CGO_ENABLED=0 $(GO) build -o bin/ups ./cmd/ups
	.ci/booted bin/ups

.PHONY: python
# The example in Python, with ups serve.
python:
	@command -v python3 >/dev/null || { echo "missing; on Debian, apt-get install python3"; exit 1; }
	$(GO) vet -tags python ./cmd/ups
	$(GO) test -count=1 -tags python -run '^TestPython' -v ./cmd/ups

# The playground as one file, below PLAY, for any web server.
PLAY ?= site/play
play:
	$(GO) run ./cmd/ups play -d $(PLAY)

man:
	$(GO) run ./cmd/ups man man

.PHONY: vscode editors
# The extension for VS Code, in editors/vscode/dist. Needs Node 20 and npm.
vscode: editors/vscode/node_modules
	cp LICENSE editors/vscode/LICENSE
	cd editors/vscode && npm run --silent package
	$(GO) test -count=1 -tags vsix -run '^TestPackage$$' ./editors

# What editors are given, in the editors: highlighting over the whole corpus. Needs
# Node 18, npm and Neovim.
editors: editors/vscode/node_modules
	cd editors/vscode && npm run --silent check && npm run --silent bundle
	$(GO) vet -tags editors ./editors
	$(GO) test -count=1 -tags editors ./editors

editors/vscode/node_modules: editors/vscode/package-lock.json
	cd editors/vscode && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

.PHONY: release release-check release-config
# Archives, packages, checksums, SBOMs, a formula and a Containerfile in release, of the
# tag that is checked out or, without one, a snapshot of the commit. Publishes nothing.
release:
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) \
	$(GORELEASER) release --config .release/goreleaser.yaml --clean --skip=publish,announce \
		$$(git describe --exact-match --tags >/dev/null 2>&1 || echo --snapshot)
	.release/formula release "$$(jq -r .version release/metadata.json)" "$(UPS_DOWNLOADS)"
	.release/image release "$$(jq -r .version release/metadata.json)"

release-config:
	$(GORELEASER) check --config .release/goreleaser.yaml

# That two runs in different folders write the same.
release-check:
	.release/check

clean:
	rm -rf bin man site release artefacts
