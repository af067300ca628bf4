# What people do here. `make test` is what CI runs first.

GO ?= go
STATICCHECK = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
# How long each fuzz target runs; 60s is what a change to a room asks for.
FUZZTIME ?= 60s
# Every fuzz target, by package. One that is gone fails the build.
FUZZ = \
	./grammar:FuzzPreprocess ./grammar:FuzzParse \
	./compiler:FuzzCompile \
	./internal/rsc:FuzzDecode \
	./internal/scsu:FuzzDecode ./internal/scsu:FuzzEncode \
	./internal/wildcard:FuzzUnits ./internal/wildcard:FuzzDense

.PHONY: build test lint race fuzz bench conformance man clean

build:
	$(GO) build -trimpath -o bin/ups ./cmd/ups

test:
	$(GO) test ./...

lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...

race:
	$(GO) test -race ./...

# A target that isn't there would pass in silence: go test only says "no fuzz
# tests to fuzz".
fuzz:
	@set -e; for f in $(FUZZ); do \
		pkg=$${f%%:*}; name=$${f##*:}; \
		$(GO) test $$pkg -list "^$$name\$$" | grep -qx "$$name" || { echo "$$f: no such fuzz target"; exit 1; }; \
		echo "$$pkg $$name"; \
		$(GO) test $$pkg -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x; \
	done

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./compiler ./internal/... ./cmd/ups

# The corpus of the reference compiler and of the device's own matcher.
conformance:
	$(GO) test -count=1 -v -run 'Conformance|Vectors|Examples|SourceCompiles' ./compiler ./internal/wildcard | grep -v '^=== '

man:
	$(GO) run ./cmd/ups man man

clean:
	rm -rf bin man
