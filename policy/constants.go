package policy

// Options is the set of buttons that a prompt offers (POLICY.options). With
// no yes-kind or no no-kind in it there is no prompt.
type Options uint32

// The options of policies.rh.
const (
	Yes        Options = 1 << iota // KYes
	No                             // KNo
	SessionYes                     // KSession, KSessionYes
	Always                         // KAlways
	Never                          // KNever
	SessionNo                      // KSessionNo

	YesKinds   = Yes | SessionYes | Always
	NoKinds    = No | SessionNo | Never
	AllOptions = YesKinds | NoKinds // every bit that a device accepts
)

// SIDClasses is a set of SID classes (POLICY.sid_classes): bit n stands for
// the SIDs whose top four bits are n. The high 16 bits mean nothing.
type SIDClasses uint32

// The SID classes of policies.rh.
const (
	ProtectedSIDs   SIDClasses = 0x00FF // KProtectedSids, classes 0 to 7
	UnprotectedSIDs SIDClasses = 0xFF00 // KUnprotectedSids, classes 8 to F
	AllSIDs         SIDClasses = 0xFFFF // KAllSids
)

// Has reports whether the class of sid is in the set.
func (c SIDClasses) Has(sid uint32) bool { return c>>(sid>>28)&1 != 0 }

// Protected reports whether a SID is protected: only a signed executable can
// have it.
func Protected(sid uint32) bool { return sid < 0x80000000 }

// AuthorisationPolicy says when a system server must ask the service
// (TAuthorisationPolicy). Values above NeverCheck behave as NeverCheck.
type AuthorisationPolicy uint8

// The authorisation policies of policies.rh.
const (
	AlwaysCheck          AuthorisationPolicy = iota // EAlwaysCheck
	CheckPostManufacture                            // ECheckPostManufacture, the default
	CheckUnprotectedSIDs                            // ECheckUnprotectedSids
	CheckIfFailed                                   // ECheckIfFailed
	NeverCheck                                      // ENeverCheck
)

// Security says which results of the system server's own check a policy is
// for (TSystemServerSecurity).
type Security uint8

// The security results of policies.rh.
const (
	PassedOrFailed Security = iota // ESystemServerSecurityPassedOrFailed
	Failed                         // ESystemServerSecurityFailed
	Passed                         // ESystemServerSecurityPassed
)

// Holds reports whether the policy is for a check that passed, or failed.
func (s Security) Holds(passed bool) bool {
	return s == PassedOrFailed || (s == Passed) == passed && s <= Passed
}
