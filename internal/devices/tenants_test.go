//go:build devices

package devices

import (
	"smtpmend/diagnose"

	"smtpmend/diagnose/catalogue"
)

// A tenant is one that sign-ins are handed on to, and what it makes of a
// device that is set up rightly.
type tenant struct {
	Scenario string // of package tenantsim
	// Told is in what the device prints or logs: the service's own words. It
	// is "" where the message arrives.
	Told    string
	Verdict diagnose.Verdict
	Cause   catalogue.Code
	// Among the candidates is the true cause, where the words allow several.
	Among catalogue.Code
}

var tenants = []tenant{
	{Scenario: "healthy", Verdict: diagnose.Healthy},
	{Scenario: "smtp-auth-off-mailbox", Verdict: diagnose.Named, Cause: catalogue.SMTPAuthOffMailbox,
		Told: "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."},
	{Scenario: "security-defaults", Verdict: diagnose.Named, Cause: catalogue.SecurityDefaults,
		Told: "5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."},
	{Scenario: "bad-credentials", Verdict: diagnose.Named, Cause: catalogue.BadCredentials,
		Told: "5.7.139 Authentication unsuccessful, the user credentials were incorrect."},
	{Scenario: "conditional-access", Verdict: diagnose.Unsure, Among: catalogue.ConditionalAccess,
		Told: "5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."},
	{Scenario: "older-words", Verdict: diagnose.Unsure, Among: catalogue.SMTPAuthOffMailbox,
		Told: "5.7.3 Authentication unsuccessful"},
}
