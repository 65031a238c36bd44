// Package catalogue holds what can stand in the way of a submission: one row a
// cause, with all that is known of it.
//
// It is data. It judges no reply and no tenant; packages words and diagnose
// do, and package remediate makes the changes.
package catalogue

import (
	"slices"
	"strings"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/fact"
)

// Who can remove a cause.
type Who string

const (
	Tool    Who = "tool"    // package remediate makes the change of the row
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

// A Step is a place in the order of a sign-in: a cause shows only once nothing
// of an earlier step stands in the way. The order follows what threads saw when
// they mended one cause at a time. That Exchange decides before the password is
// looked at, and the order inside Entra, are unconfirmed. Where this is wrong,
// a change for the whole tenant goes back although it had an effect.
type Step int

const (
	NoStep     Step = iota // it has no place, or shows after the sign-in
	AtSwitches             // Exchange: may this mailbox submit at all?
	AtPolicy               // Exchange: may it do so with a password?
	AtPassword             // Entra: who is it, and is the password right?
	AtDefaults
	AtMFA
	AtAccess // Conditional Access, and the risk of the sign-in
)

// A Credential is what a client signs in with.
type Credential string

const (
	Either   Credential = ""
	Password Credential = "password"
	Token    Credential = "token"
)

// A Cause is one row of the catalogue: what stands in the way, how it shows,
// who can remove it and how. Its texts are constant and hold no user data.
type Cause struct {
	Code  Code
	Stage Stage
	Step  Step
	// Who can remove it. A row with a Change leaves it out: that is Tool.
	Who Who
	// Title says the cause in one sentence.
	Title string
	// Meaning says what the sentence leaves out: how it shows, and what it is
	// easily mistaken for.
	Meaning string
	// Check is one sentence: the one look that tells this cause from others
	// that the words leave possible.
	Check string

	// OnDevice: it is the device's or the app's own fault, and `smtpmend listen`
	// shows it.
	OnDevice bool

	// Shown is what the tenant shows where the cause stands in the way: any one
	// of the conditions. It is empty where no setting shows it.
	Shown []Condition
	// Logged: no setting shows it, the sign-in log does.
	Logged bool
	// Meets is the only kind of credential that meets it.
	Meets Credential

	// Change is what smtpmend does about it, nil where only people can.
	Change *Change
	// Portal lists the steps in Microsoft's web pages or on the device.
	Portal []string
	// PowerShell is for an administrator to run; that of the Change comes after
	// it by itself.
	PowerShell []Commands
	// WeakensNothing is the way that lowers no protection, "" where the steps
	// themselves lower none.
	WeakensNothing string
	// Sources are addresses or document names.
	Sources []string
	// Retirement is true where the dates in RetirementDates matter. A row with
	// a Change leaves it out: each of them lets passwords in.
	Retirement bool
}

// A Condition holds when all of its terms do.
type Condition []Term

// A Term holds when the fact has one of the Values. Without Values it holds
// when the fact is anything but fact.None. The values in Open leave it open.
type Term struct {
	Fact   fact.Name
	Values []string
	Open   []string
}

// RetirementDates tells, a sentence each, what Microsoft has announced for
// passwords at SMTP AUTH, as of its post of 27 January 2026.
var RetirementDates = []string{
	"Until the end of December 2026 nothing changes for passwords at SMTP AUTH.",
	"At the end of December 2026 passwords at SMTP AUTH go off by default; an administrator can switch them on again. Tenants made after that do not have them by default.",
	"The final date is to be announced in the second half of 2027. From then on the reply is 550 5.7.30.",
}

// rows is the catalogue as it is written, in tables by subject.
var rows = slices.Concat(
	switchCauses,
	accountCauses,
	retirementCauses,
	oauthCauses,
	connectionCauses,
	submissionCauses,
)

var causes = complete(rows)

// complete adds what follows from the rest of a row, and puts first what
// smtpmend can mend, the narrowest change before the wider ones.
func complete(rows []Cause) []Cause {
	all := slices.Clone(rows)
	for i := range all {
		if c := &all[i]; c.Change != nil {
			c.Who, c.Retirement = Tool, true
		}
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return width(a) - width(b) })
	return all
}

// width orders rows by whom their change touches.
func width(c Cause) int {
	if c.Change == nil {
		return len(fact.Scopes)
	}
	return slices.Index(fact.Scopes, c.Change.Scope())
}

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

// AfterSignIn reports whether a refusal for c shows that a sign-in, where there
// was one, was accepted.
func (c Cause) AfterSignIn() bool { return c.Stage == StageRcpt || c.Stage == StageSubmit }

// Mends reports whether the change of c mends other too.
func (c Cause) Mends(other Code) bool {
	o, _ := Lookup(other)
	return c.Change != nil && c.Change == o.Change
}

// MetBy reports whether a sign-in with this SASL mechanism can meet c; where
// none is known, any can.
func (c Cause) MetBy(mechanism string) bool {
	used := Password
	if strings.EqualFold(mechanism, "XOAUTH2") {
		used = Token
	}
	return mechanism == "" || c.Meets == Either || c.Meets == used
}
