//go:build native

package main

import (
	"ups/bench/native"
	"ups/policy"
)

func nativeRows() []row {
	return []row{
		{"hyperscan", newNative(native.NewHyperscan), false},
		{"re2::set", newNative(native.NewRE2), false},
	}
}

func newNative(build func(*policy.File) (*native.Set, error)) func(*policy.File) (engine, error) {
	return func(f *policy.File) (engine, error) {
		s, err := build(f)
		if err != nil {
			return nil, err
		}
		return func(r request) (int, error) { return s.Decide(r.sid, r.passed, r.destination) }, nil
	}
}
