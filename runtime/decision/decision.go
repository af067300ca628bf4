// Package decision is the decision database: the answers "always" and
// "never" that people gave to prompts (docs/service.md,
// Stored answers): the model, the contract of a database (DB), one in memory
// (NewMemory) and a read cache for any (NewCached). The database on
// disk is the package sqlite below it, so that a program without it doesn't link SQLite.
package decision

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The limits of a record's texts, in bytes.
const (
	MaxFingerprint = 32 // docs/service.md, Stored answers
	MaxEntity      = 32 // the same
	MaxProgram     = 32 // that of SHA-256
	// MaxDescription is a limit of this implementation: it bounds what one
	// plug-in can make the database and its cache hold.
	MaxDescription = 4096
)

// MaxID is the largest record id.
const MaxID = 1<<63 - 1

// Result is a stored answer.
type Result uint8

// The results, with the values that the platform stores.
const (
	Never  Result = 0
	Always Result = 1
)

// String returns "never" or "always", and the number of any other value.
func (r Result) String() string {
	switch r {
	case Never:
		return "never"
	case Always:
		return "always"
	}
	return fmt.Sprintf("result %d", uint8(r))
}

// Key is what a record is found by; no two records of a database have equal
// keys. It is comparable.
type Key struct {
	Client    uint32 // SID of the application
	Evaluator uint32 // implementation UID; 0 is the default evaluator
	Service   uint32 // UID of the service
	Server    uint32 // SID of the system server
	// Fingerprint and Entity are raw bytes, not text; empty is a value like
	// any other.
	Fingerprint string
	Entity      string
	Major       uint16 // major version of the policy file
}

// Record is a stored decision.
type Record struct {
	Key
	ID          uint64 // assigned by the database, from 1 to MaxID; never used again
	Description string // of the fingerprint, for people; UTF-8 without NUL
	Result      Result
	Info        uint32 // evaluator info: the evaluator's own, opaque here
	Age
}

// Age is what a service with answers that age keeps of one (docs/ageing.md). The
// zero value is that of an answer of which nothing is known.
type Age struct {
	Answered int64  // when it was given, in seconds of Unix time; 0 if unknown
	Uses     uint32 // how often it has answered, at most; see DB.AddUses
	// Program is the hash of the file of the client's program, raw bytes; empty
	// if unknown.
	Program string
}

// maxAnswered is the last second that RFC 3339 can write, 9999-12-31T23:59:59Z.
const maxAnswered = 253402300799

func (a *Age) validate() error {
	switch {
	case a.Answered < 0 || a.Answered > maxAnswered:
		return fmt.Errorf("%w: the time of the answer is not in the years 1970 to 9999", ErrInvalidRecord)
	case len(a.Program) > MaxProgram:
		return fmt.Errorf("%w: the hash of the program has %d bytes, the limit is %d", ErrInvalidRecord, len(a.Program), MaxProgram)
	}
	return nil
}

// Validate reports what keeps a record from being stored, or nil. The id is
// not looked at. Errors wrap ErrInvalidRecord.
func (r *Record) Validate() error {
	if err := r.Key.validate(); err != nil {
		return err
	}
	switch {
	case r.Result > Always:
		return fmt.Errorf("%w: %v is neither never (0) nor always (1)", ErrInvalidRecord, r.Result)
	case len(r.Description) > MaxDescription:
		return fmt.Errorf("%w: the description has %d bytes, the limit is %d", ErrInvalidRecord, len(r.Description), MaxDescription)
	case !utf8.ValidString(r.Description) || strings.IndexByte(r.Description, 0) >= 0:
		return fmt.Errorf("%w: the description is not UTF-8 text without NUL", ErrInvalidRecord)
	}
	return r.Age.validate()
}

func (k *Key) validate() error {
	if n := len(k.Fingerprint); n > MaxFingerprint {
		return fmt.Errorf("%w: %w: %d bytes, the limit is %d", ErrInvalidRecord, ErrFingerprintLength, n, MaxFingerprint)
	}
	if n := len(k.Entity); n > MaxEntity {
		return fmt.Errorf("%w: %w: %d bytes, the limit is %d", ErrInvalidRecord, ErrEntityLength, n, MaxEntity)
	}
	return nil
}
