package msg

import "ups/runtime/service"

// The capabilities that the message server asks for, by the platform's numbers
// (TCapability).
const (
	NetworkControl  service.Capabilities = 1 << 10
	NetworkServices service.Capabilities = 1 << 13
)

// element is the static check of a function (the platform's TPolicyElement):
// what it needs, and what becomes of a client that hasn't it.
type element struct {
	needs  service.Capabilities
	action failureAction
}

type failureAction int

const (
	failClient   failureAction = iota // refuse at once
	customAction                      // go on, and remember that the check failed
)

// elements are the checks of all functions. To send is something that a user
// can judge, so a failed check is not the end: the policies may leave it to
// the user. What a message centre is, no user can be asked.
var elements = map[function]element{
	sendMessage:   {needs: NetworkServices, action: customAction},
	setCentre:     {needs: NetworkControl, action: failClient},
	cancelRequest: {}, // a client may always take back what it asked for
}

// check runs the static check of a function. Passed is what the User Prompt
// Service must know of it; with an error the request ends here.
func check(f function, has service.Capabilities) (passed bool, err error) {
	e, ok := elements[f]
	switch passed = has&e.needs == e.needs; {
	case !ok:
		return false, ErrNotSupported
	case !passed && e.action == failClient:
		return false, ErrPermissionDenied
	}
	return passed, nil
}
