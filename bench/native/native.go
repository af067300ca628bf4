//go:build native

// Package native decides with libraries of regular expressions in C and C++:
// Hyperscan and RE2::Set. They find the policies whose destination matches, and
// of these the first one that is for the SID and the result of the check
// decides.
package native

// #cgo CXXFLAGS: -std=c++17 -O3
// #cgo LDFLAGS: -lhs -lre2
// #cgo noescape set_decide
// #cgo nocallback set_decide
// #include <stdlib.h>
// #include "set.h"
import "C"

import (
	"errors"
	"regexp"
	"runtime"
	"strings"
	"unsafe"

	"ups/policy"
)

// Set is the policies of a file, compiled. It is for one goroutine at a time.
type Set struct{ c *C.set }

// NewHyperscan returns a set that is searched by Hyperscan in block mode.
func NewHyperscan(f *policy.File) (*Set, error) { return newSet(C.set_new_hyperscan(), f) }

// NewRE2 returns a set that is searched by RE2::Set.
func NewRE2(f *policy.File) (*Set, error) { return newSet(C.set_new_re2(), f) }

func newSet(c *C.set, f *policy.File) (*Set, error) {
	s := &Set{c}
	runtime.AddCleanup(s, func(c *C.set) { C.set_free(c) }, c)
	for _, p := range f.Policies {
		s.add(p)
	}
	if failure := C.set_compile(c); failure != nil {
		return nil, errors.New(C.GoString(failure))
	}
	return s, nil
}

func (s *Set) add(p policy.Policy) {
	e := C.CString(expression(p.Destination.String()))
	defer C.free(unsafe.Pointer(e))
	results := C.uint32_t(0)
	for i, passed := range []bool{false, true} {
		if p.Security.Holds(passed) {
			results |= 1 << i
		}
	}
	sids := (*C.uint32_t)(unsafe.SliceData(p.SIDs))
	C.set_add(s.c, e, sids, C.size_t(len(p.SIDs)), C.uint32_t(p.SIDClasses), results)
}

// expression writes a pattern of stars as a regular expression of both
// libraries.
func expression(pattern string) string {
	e := `^` + strings.ReplaceAll(regexp.QuoteMeta(strings.ToLower(pattern)), `\*`, `.*`) + `\z`
	return strings.TrimSuffix(strings.TrimPrefix(e, `^.*`), `.*\z`)
}

// Decide returns the index of the policy that decides, or -1.
func (s *Set) Decide(sid uint32, passed bool, destination string) (int, error) {
	result := C.uint32_t(0)
	if passed {
		result = 1
	}
	text := (*C.char)(unsafe.Pointer(unsafe.StringData(destination)))
	i := int(C.set_decide(s.c, C.uint32_t(sid), result, text, C.size_t(len(destination))))
	if i == -2 {
		return -1, errors.New("the library couldn't search")
	}
	return i, nil
}
