# make run      build, and start the demonstration province on http://127.0.0.1:8080
# make test     install what the tests need (Debian), check, and run every test
# make check    format, vet, linters, import rules
# make bench    measure the figures of docs/figures.md beside nginx, in one run
# make soak     the long proofs; each has a short form in make test
# make build    one static binary in bin/;  make dist: one per platform in dist/

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
export CGO_ENABLED := 0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
ADDR    ?= 127.0.0.1:8080

.PHONY: run test check lint bench soak build dist setup clean

run: build
	./bin/bangvang demo --addr $(ADDR)

build:
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/bangvang ./cmd/bangvang

dist:
	for p in linux/amd64 linux/arm64 windows/amd64 darwin/arm64; do \
	  ext=; [ $${p%/*} = windows ] && ext=.exe; \
	  GOOS=$${p%/*} GOARCH=$${p#*/} go build -trimpath -ldflags '$(LDFLAGS)' -o dist/bangvang-$${p%/*}-$${p#*/}$$ext ./cmd/bangvang; \
	done

setup:
	bash tests/setup.sh

test: setup check
	go run ./internal/base/db/dbtest/withpg -- go test -timeout 20m ./...

check:
	test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	go vet ./...
	$(MAKE) lint

lint:
	go tool -modfile=tools/go.mod golangci-lint run ./...

bench: setup build
	go run ./tests/bench

soak: setup build
	go run ./internal/base/db/dbtest/withpg -- go test -tags soak -timeout 6h ./tests/... ./internal/reports

clean:
	rm -rf bin dist
