// Package scenario runs scenario tests of policies: files in YAML that say
// what is asked of a service, what the user answers, and what must come of it
// (docs/scenarios.md). The service that is asked is the real one, of the
// package runtime; only plug-ins, which stand for a device's own, are scripted.
//
// The order of reading: file.go has what a file says, parse*.go reads it from
// the nodes that yaml.go reads; build.go makes the policy files; run.go runs
// scenarios on a fixture (fixture.go) until its service is at rest (rest.go); step*.go
// are the steps, expect.go what can be expected of a request; the rest writes
// results, and follows changes.
package scenario
