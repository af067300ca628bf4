// Package runtime decides by compiled policy files, as the User Prompt Service
// of the platform does (docs/service.md).
//
// A List is one loaded policy file: Load reads it, List.Decide finds the policy
// that decides a request, List.Policy gives it with what the header stands in
// for. Whether it asks the user, and what it decides if it doesn't, its options
// say (policy.Options.Prompts, policy.Options.Map).
//
// A Store holds the policy files of a ROM folder and of a system folder that
// eclipses it: Open lists them, Store.List loads when a file is first needed,
// Store.Reload takes up changes while requests run, Store.Watch does so by
// itself.
//
// A client library need not ask at all in many cases: ServiceConfig.Ask tells.
//
// A Server is the service itself: system servers Connect, open a Subsession for
// each client, and Authorise; control panels and installers Manage. What asks
// people, and what tells requests apart, are plug-ins (PolicyEvaluator,
// DialogCreator); ready-made ones are below plugin/. Stored answers are in a
// decision.DB. To read how a request goes: request.go, request_lookup.go,
// gate.go, request_prompt.go.
//
// What goes wrong has the platform's error values (Error).
package runtime
