# make build      release programs in .build/bin: ssmrec, ssmplay, session-manager-plugin
# make demo       records a short shell session on this machine, then lists, searches and plays it
# make test       all tests; installs the Debian packages and Python peers that are missing
# make lint       layout, house rules, and a clean build that checks which layer imports which
# make bench      the numbers of docs/benchmarks.md: every scripts/benchmarks/NAME
# make fuzz       random inputs for everything that parses, 20 seconds each (scripts/fuzz NAME SECONDS for one)
# make install    programs, man pages and completions under PREFIX=/usr/local (DESTDIR= for packages)
# make man        man pages and shell completions in .build/share, from the programs' own declarations
# make deb        a Debian package in dist/, for all users of a machine; make dist: a tarball for other systems
# make docs       docs/stories.md, by running the stories (as root); make api-docs: the libraries' interfaces in .build
# make samples    records samples/ anew
# make clean      removes everything built; .venv (Python peers of the tests) stays

.DEFAULT_GOAL := help
.PHONY: help build demo test lint bench fuzz install man deb dist docs api-docs samples clean
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
PROGRAMS := ssmrec ssmplay session-manager-plugin
BIN := .build/bin

# Not in Package.swift: such flags there would bar other packages from depending on the libraries.
RELEASE := -c release --static-swift-stdlib -Xswiftc -cross-module-optimization

help:
	@sed -n '/^# /!q; s/^# //p' Makefile

build:
	@scripts/install-needs build
	swift build -q $(RELEASE)
	@scripts/collect-programs "$$(swift build $(RELEASE) --show-bin-path)" $(BIN) $(PROGRAMS)

demo: build
	@scripts/install-needs demo
	@scripts/demo $(BIN)

# The tests run the debug programs that are built beside them.
test:
	@scripts/install-needs test
	@scripts/install-peers
	@scripts/autobahn install
	@scripts/install-pyssm
	swift build -q --build-tests
	swift test -q --disable-xctest --skip-build --skip StoryTests
	@# By themselves: people who type at a person's speed want a machine that is not busy.
	swift test -q --disable-xctest --skip-build --filter StoryTests

lint:
	@scripts/install-needs lint
	@scripts/lint

bench: build
	@scripts/bench $(BIN)

fuzz:
	@scripts/install-needs build
	@scripts/fuzz

man: build
	@scripts/write-manuals $(BIN) .build/share $(PROGRAMS)

install:
	@scripts/install-programs "$(DESTDIR)" "$(PREFIX)" $(BIN) $(PROGRAMS)

deb: man
	@scripts/make-deb $(BIN) .build/share dist

dist: man
	@scripts/make-dist $(BIN) .build/share dist

docs: man
	@scripts/stories $(BIN) .build/share docs/stories.md

api-docs:
	@scripts/install-needs lint
	swift build -q
	@scripts/make-api-docs "$$(swift build --show-bin-path)" .build/docs
	@echo ".build/docs/{Platform,Format,Recorder,Replay}/index.html"

samples: build
	@scripts/make-samples $(BIN) samples

clean:
	rm -rf .build
