// Package catalogue holds what can stand in the way of a submission: one row a
// cause, with all that is known of it.
//
// It is data. It judges no reply and no tenant; packages words and diagnose
// do, and package remediate makes the changes.
package catalogue

import (
	"slices"

	"smtpmend/internal/dialogue"
)

// Code names a cause. Codes are permanent: other programs rely on them.
type Code string

// The causes, in the order of the dialogue's importance to a reader: what the
// tool can mend first, then what people, devices and networks must mend.
const (
	SMTPAuthOffMailbox            Code = "smtp-auth-off-mailbox"
	SMTPAuthOffOrg                Code = "smtp-auth-off-org"
	SecurityDefaults              Code = "security-defaults"
	PerUserMFA                    Code = "per-user-mfa"
	AuthPolicyBlocksBasic         Code = "auth-policy-blocks-basic"
	ConditionalAccess             Code = "conditional-access"
	SuspiciousSignIn              Code = "suspicious-sign-in"
	BadCredentials                Code = "bad-credentials"
	PasswordExpired               Code = "password-expired"
	AccountLocked                 Code = "account-locked"
	AccountDisabled               Code = "account-disabled"
	NoLicensedMailbox             Code = "no-licensed-mailbox"
	BasicAuthOffConsumer          Code = "basic-auth-off-consumer"
	BasicAuthRetired              Code = "basic-auth-retired"
	BasicAuthOffByDefault         Code = "basic-auth-off-by-default"
	MechanismUnsupported          Code = "mechanism-unsupported"
	FederationUnreachable         Code = "federation-unreachable"
	OAuthTokenInvalid             Code = "oauth-token-invalid"
	OAuthScopeMissing             Code = "oauth-scope-missing"
	OAuthTokenWrongUser           Code = "oauth-token-wrong-user"
	OAuthMailboxPermissionMissing Code = "oauth-mailbox-permission-missing"
	OAuthAppNotFound              Code = "oauth-app-not-found"
	OAuthClientSecret             Code = "oauth-client-secret"
	OAuthAppBlocked               Code = "oauth-app-blocked"
	NotAuthenticated              Code = "not-authenticated"
	STARTTLSNotUsed               Code = "starttls-not-used"
	TLSTooOld                     Code = "tls-too-old"
	TLSImplicitOnSTARTTLSPort     Code = "tls-implicit-on-starttls-port"
	TLSHandshake                  Code = "tls-handshake"
	NetworkBlocked                Code = "network-blocked"
	SMTPIntercepted               Code = "smtp-intercepted"
	WrongEndpoint                 Code = "wrong-endpoint"
	InvalidHELO                   Code = "invalid-helo"
	SendAsDenied                  Code = "send-as-denied"
	SenderBlocked                 Code = "sender-blocked"
	IPBlocked                     Code = "ip-blocked"
	RelayDenied                   Code = "relay-denied"
	RecipientRefused              Code = "recipient-refused"
	MessageRefused                Code = "message-refused"
	MailboxFull                   Code = "mailbox-full"
	Throttled                     Code = "throttled"
	ConcurrentConnections         Code = "concurrent-connections"
	Temporary                     Code = "temporary"
)

// Who can remove a cause.
type Who string

const (
	Tool    Who = "tool"    // package remediate knows the change
	ByHand  Who = "by-hand" // an administrator, in a portal or PowerShell
	User    Who = "user"    // the owner of the mailbox
	Device  Who = "device"  // whoever configures the printer, scanner or app
	Network Who = "network" // whoever runs the network between
	Wait    Who = "wait"    // nobody; it passes
)

// A Stage is the part of a submission in which a cause shows: a stage of the
// dialogue, or a span of them.
type Stage = dialogue.StageName

const (
	StageConnect  = dialogue.StageConnect
	StageGreeting = dialogue.StageGreeting
	StageEHLO     = dialogue.StageEHLO
	StageTLS      = dialogue.StageTLS
	StageToken    = dialogue.StageToken
	StageAuth     = dialogue.StageAuth
	StageMail     = dialogue.StageMail
	StageRcpt     = dialogue.StageRcpt

	StageSubmit Stage = "submit" // MAIL FROM to the end of DATA
	StageAny    Stage = "any"
)

// A Cause is one entry of the catalogue: what stands in the way, who can
// remove it and how. Title and Meaning are constant and hold no user data.
type Cause struct {
	Code  Code
	Stage Stage
	Who   Who
	// Title says the cause in one sentence.
	Title string
	// Meaning says what the sentence leaves out: how it shows, and what it is
	// easily mistaken for.
	Meaning string
	// Portal lists the steps in Microsoft's web pages or on the device.
	Portal []string
	// PowerShell lists the commands. MAILBOX stands for the mailbox as a quoted
	// word, PATH for it within one that is quoted already, escaped for a URL;
	// words in angle brackets are for the reader to fill in.
	PowerShell []string
	// WeakensNothing is the way that lowers no protection, "" where the steps
	// themselves lower none.
	WeakensNothing string
	// Sources are addresses or document names.
	Sources []string
	// Retirement is true where the dates in RetirementDates matter.
	Retirement bool
}

// RetirementDates tells, a sentence each, what Microsoft has announced for
// passwords at SMTP AUTH, as of its post of 27 January 2026.
var RetirementDates = []string{
	"Until the end of December 2026 nothing changes for passwords at SMTP AUTH.",
	"At the end of December 2026 passwords at SMTP AUTH go off by default; an administrator can switch them on again. Tenants made after that do not have them by default.",
	"The final date is to be announced in the second half of 2027. From then on the reply is 550 5.7.30.",
}

// causes is the catalogue. Its parts are tables of their own by subject.
var causes = slices.Concat(
	switchCauses,
	signInCauses,
	oauthCauses,
	connectionCauses,
	submissionCauses,
)

// All returns the catalogue in its order of print.
func All() []Cause { return slices.Clone(causes) }

// Lookup returns the entry of code, and whether there is one.
func Lookup(code Code) (Cause, bool) {
	for _, c := range causes {
		if c.Code == code {
			return c, true
		}
	}
	return Cause{}, false
}
