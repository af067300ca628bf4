// Package analysis proves what a policy list does: which policies any request
// gets to, which of them change no decision, and whether two lists decide
// alike. It knows no source, only the model and its destination patterns.
//
// # Method
//
// Requests are divided into groups that policies distinguish only by the
// destination (partition.go; they are the atomic predicates of Yang and Lam,
// Real-Time Verification of Network Properties Using Atomic Predicates, ICNP
// 2013). In a group, whether a policy decides any
// request is a question about patterns: is every string that its own pattern
// matches also matched by an earlier one? That is inclusion between regular
// languages, decided by antichains that are explored lazily (prover.go; De
// Wulf, Doyen, Henzinger and Raskin, Antichains: A New Algorithm for Checking
// Universality of Finite Automata, CAV 2006): the automaton of the earlier
// patterns is never made deterministic, sets of its states are made as the
// search gets to them, and of two sets at one place only the smaller is kept.
// A string that refutes an inclusion becomes a request, which is confirmed by
// policy.File.Decide before it is shown.
//
// # What the answers are about
//
// All answers are about regular destinations (docs/matching.md), of any length.
// On others, such as a text that begins with a combining mark, the device's
// matcher has quirks that no automaton has. Nothing is claimed of a policy whose
// own pattern isn't regular, and no proof relies on such a policy matching.
//
// Policies are given by their place in File.Policies, from 0; -1 stands for the
// default policy, which decides what no policy matches.
package analysis
