package diagnose

import (
	"slices"

	"smtpmend/diagnose/catalogue"
)

// order is what a sign-in passes, one after the other: a cause shows only once
// nothing before it stands in the way. It follows what threads saw when they
// mended one cause at a time. That Exchange decides before the password is
// looked at, and the order inside Entra, are unconfirmed. Where this is wrong,
// a change for the whole tenant goes back although it had an effect.
var order = [][]catalogue.Code{
	{catalogue.SMTPAuthOffMailbox, catalogue.SMTPAuthOffOrg},
	{catalogue.AuthPolicyBlocksBasic, catalogue.BasicAuthOffByDefault, catalogue.BasicAuthRetired, catalogue.BasicAuthOffConsumer},
	{catalogue.BadCredentials, catalogue.AccountLocked, catalogue.AccountDisabled, catalogue.PasswordExpired, catalogue.FederationUnreachable, catalogue.NoLicensedMailbox},
	{catalogue.SecurityDefaults},
	{catalogue.PerUserMFA},
	{catalogue.ConditionalAccess, catalogue.SuspiciousSignIn},
}

// StandsBehind reports whether a refusal for cause shows that the sign-in got
// past front: cause comes later in the order of the sign-in, or is met only
// once the sign-in was accepted.
func StandsBehind(cause, front catalogue.Code) bool {
	c, ok := catalogue.Lookup(cause)
	if !ok || rank(front) < 0 {
		return false
	}
	if slices.Contains([]catalogue.Stage{catalogue.StageMail, catalogue.StageRcpt, catalogue.StageSubmit}, c.Stage) {
		return cause != catalogue.NotAuthenticated && cause != catalogue.STARTTLSNotUsed
	}
	return rank(cause) > rank(front)
}

func rank(c catalogue.Code) int {
	return slices.IndexFunc(order, func(codes []catalogue.Code) bool { return slices.Contains(codes, c) })
}
