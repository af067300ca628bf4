//go:build !native

package main

// nativeRows returns the rows that need libraries in C and C++ (README.md).
func nativeRows() []row { return nil }
