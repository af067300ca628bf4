package sqlite_test

// Windows has neither the limits nor the users that these children need.
var restrictedChildren map[string]func(args []string) error
