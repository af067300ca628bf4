package policy

// Service names a service: its UID within one system server. It has one policy
// file at most.
type Service struct {
	Server  uint32 // SID of the system server
	Service uint32 // UID of the service
}
