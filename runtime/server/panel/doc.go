// Package panel is the control panel of the service: pages for a browser on which
// people answer prompts, look at stored answers and revoke them, and see what was
// decided and why, and by which policies.
//
// Pages are rendered here, and everything on them works by forms without a script.
// The script (pages/panel.js) shows prompts as they come (events.go).
//
// What protects it: guard.go has what holds for every request, login.go and
// logins.go who may come in. Text that isn't ours, such as a destination, goes
// through printable before it is escaped: it can't turn the direction of writing, or
// hide characters.
package panel
