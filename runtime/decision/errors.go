package decision

import "errors"

// Every error of a decision database wraps one of these, or is the error of
// the context that was done, or is a fault of the system that has no name
// here (a file that can't be opened, a connection that is gone).
var (
	// ErrNotFound says that no record has the id. The platform
	// answers KErrNotFound.
	ErrNotFound = errors.New("no such record")

	// ErrInvalidRecord says that a record can't be stored as it is, and that
	// nothing was. The two that follow come with it, or with ErrInvalidFilter.
	ErrInvalidRecord = errors.New("invalid record")
	// ErrFingerprintLength says that a fingerprint has more than
	// MaxFingerprint bytes, in a record or a filter. The platform answers KErrUpsBadFingerprintLength.
	ErrFingerprintLength = errors.New("bad fingerprint length")
	// ErrEntityLength says that a client entity has more than MaxEntity bytes,
	// in a record or a filter. The platform answers KErrUpsBadClientEntityLength.
	ErrEntityLength = errors.New("bad client entity length")

	// ErrInvalidFilter says that a filter, or the text of one, is invalid.
	// Nothing was read or changed.
	ErrInvalidFilter = errors.New("invalid filter")
	// ErrInvalidLine says that a line isn't a record in JSON.
	ErrInvalidLine = errors.New("invalid record line")

	// ErrClosed says that the database was closed.
	ErrClosed = errors.New("decision database is closed")
	// ErrViewLost says that the records that a view was reading are gone: the
	// database was replaced. The platform aborts the view.
	ErrViewLost = errors.New("the view lost its database")

	// ErrCorrupt says that the stored data is damaged. The operation has no
	// result.
	ErrCorrupt = errors.New("decision database is damaged")
	// ErrNewer says that the database was written by a later version of this
	// software. It was not touched.
	ErrNewer = errors.New("decision database is of a newer version")
	// ErrNotDatabase says that the file, or one in the place of its log,
	// isn't of a decision database or can't be recognised as such. Nothing
	// was touched.
	ErrNotDatabase = errors.New("not a decision database")
	// ErrLocked says that another process, or another opening in this one,
	// has the database.
	ErrLocked = errors.New("decision database is in use")
	// ErrReadOnly says that the database can be read but not written.
	ErrReadOnly = errors.New("decision database is read-only")
	// ErrFull says that the disk is full. What was stored before is as it was.
	ErrFull = errors.New("no room for the decision database")
)
