package m365

import "smtpmend/internal/cloudapi"

// Microsoft's switch for authenticated SMTP is worded as a refusal, on the
// mailbox and in the organisation, and unset on a mailbox that follows the
// organisation. This file is the one place that knows; everywhere else the
// switch is on, off or inherit.

const (
	smtpDisabled = "SmtpClientAuthenticationDisabled"
	inherit      = "inherit"
)

// smtpAuth reads the switch of a mailbox or of the transport configuration.
func smtpAuth(o cloudapi.Object) (string, error) {
	disabled, err := o.Flag(smtpDisabled)
	switch {
	case err != nil:
		return "", err
	case disabled == nil:
		return inherit, nil
	case *disabled:
		return "off", nil
	}
	return "on", nil
}

// smtpAuthProperty is what Set-CASMailbox takes for a value.
func smtpAuthProperty(value string) any {
	switch value {
	case "on":
		return false
	case "off":
		return true
	}
	return nil
}
