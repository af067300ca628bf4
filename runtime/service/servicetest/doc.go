// Package servicetest holds the contract of the service (docs/service.md) as tests,
// to be run over every transport: in one process, and through the API.
//
// A transport that can be used in a bubble of testing/synctest is: there everything
// is at rest before a test looks. Over a socket of the system a test looks once
// nothing has changed for some time.
package servicetest
