// Package msg is a message server that asks the User Prompt Service before it
// sends, and the client library to it.
//
// A request goes through four files. The client library (client.go) writes it
// to the connection. The connection (connection.go) has it checked (check.go):
// what fails there is refused, or passed on with a note that it failed. The
// processor (processor.go) asks the user, and then sends. What the user said
// for the session is kept by the connection (answers.go).
package msg
