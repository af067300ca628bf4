//go:build race

package main

// writeHostile isn't needed where costs aren't measured.
func writeHostile() {}
