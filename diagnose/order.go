package diagnose

import "slices"

// order is what a sign-in passes, one after the other: a cause shows only once
// nothing before it stands in the way. It follows what threads saw when they
// mended one cause at a time. That Exchange decides before the password is
// looked at, and the order inside Entra, are unconfirmed. Where this is wrong,
// a change for the whole tenant goes back although it had an effect.
var order = [][]Code{
	{SMTPAuthOffMailbox, SMTPAuthOffOrg},
	{AuthPolicyBlocksBasic, BasicAuthOffByDefault, BasicAuthRetired, BasicAuthOffConsumer},
	{BadCredentials, AccountLocked, AccountDisabled, PasswordExpired, FederationUnreachable, NoLicensedMailbox},
	{SecurityDefaults},
	{PerUserMFA},
	{ConditionalAccess, SuspiciousSignIn},
}

// StandsBehind reports whether a refusal for cause shows that the sign-in got
// past front: cause comes later in the order of the sign-in, or is met only
// once the sign-in was accepted.
func StandsBehind(cause, front Code) bool {
	c, ok := Lookup(cause)
	if !ok || rank(front) < 0 {
		return false
	}
	if slices.Contains([]Stage{StageMail, StageRcpt, StageSubmit}, c.Stage) {
		return cause != NotAuthenticated && cause != STARTTLSNotUsed
	}
	return rank(cause) > rank(front)
}

func rank(c Code) int {
	return slices.IndexFunc(order, func(codes []Code) bool { return slices.Contains(codes, c) })
}
