// Package service is the User Prompt Service (docs/service.md), in one process
// with those who use it.
//
// System servers Connect to a Server, open a Subsession for each client, and
// Authorise; control panels and installers Manage. The policies are those of a
// runtime.Store, stored answers are in a decision.DB. What asks people, and
// what distinguishes requests, are plug-ins (PolicyEvaluator, DialogCreator);
// ready-made ones are below runtime/plugin.
//
// To read how a request goes: request.go, request_lookup.go, gate.go,
// request_prompt.go.
package service
