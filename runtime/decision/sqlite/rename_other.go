//go:build !linux && !darwin && !windows

package sqlite

import "errors"

func renameExclusively(from, to string) error { return errors.ErrUnsupported }
