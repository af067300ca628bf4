package project

import (
	"errors"
	"regexp"
)

// name is what a service is called: the name of its resource and of files, in
// lower case because not all disks distinguish case.
type name string

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

func (n *name) Type() string { return "NAME" }

func (n *name) String() string { return string(*n) }

// Set takes a name that can be that of a resource.
func (n *name) Set(s string) error {
	if !validName.MatchString(s) {
		return errors.New("want up to 32 lower-case letters, digits and underscores, the first a letter, such as dial")
	}
	*n = name(s)
	return nil
}
