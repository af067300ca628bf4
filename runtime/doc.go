// Package runtime decides by compiled policy files, as the User Prompt Service
// of the platform does (docs/service.md).
//
// A List is one loaded policy file: Load reads it, List.Decide finds the policy
// that decides a request, List.Policy returns it with the header's values filled
// in. Its options say whether it asks the user, and what it decides if it doesn't
// (policy.Options.Prompts, policy.Options.SilentDecision).
//
// A Store holds the policy files of a ROM folder and of a system folder that
// eclipses it: Open lists them, Store.List loads when a file is first needed,
// Store.Reload takes up changes while requests run, Store.Watch does so by
// itself, Store.Subscribe reports them.
//
// A client library often need not ask at all: see ServiceConfig.Ask.
//
// The service itself, with sessions, prompts and stored answers, is the package
// service below. What goes wrong has the platform's error values (Error).
package runtime
