//go:build !race

package service

// How the tests measure, and how much the slow ones do.
const (
	raced     = false
	modelRuns = 40 // random plays of the model; each has 100 requests
)
