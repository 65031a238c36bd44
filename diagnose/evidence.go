package diagnose

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
)

// Questions lists the facts to ask the tenant for: those that tell what d
// leaves possible apart, and those of the other blockers that may wait behind
// it. It is empty where the tenant has no part in the matter.
func Questions(d Diagnosis) []fact.Name {
	if d.Verdict == Unknown {
		return append(Settings(d.Mechanism), fact.UserAdminRole)
	}
	possible := d.Candidates
	if d.Cause != "" {
		possible = []catalogue.Code{d.Cause}
	}
	if !slices.ContainsFunc(possible, aboutSignIn) {
		if d.Cause == catalogue.TLSTooOld {
			return []fact.Name{fact.OrgLegacyTLS}
		}
		return nil
	}
	names := append(Settings(d.Mechanism), fact.UserAdminRole)
	if slices.ContainsFunc(possible, settledByLog) {
		names = append(names, fact.UserSignInError)
	}
	return names
}

// Settings lists the settings of the tenant, the mailbox and the user that can
// stop a sign-in with this mechanism: the facts of the table of blockers.
func Settings(mechanism string) []fact.Name {
	var names []fact.Name
	for _, c := range catalogue.All() {
		for _, t := range slices.Concat(c.Shown...) {
			if c.MetBy(mechanism) && !slices.Contains(names, t.Fact) {
				names = append(names, t.Fact)
			}
		}
	}
	return names
}

// aboutSignIn reports whether the tenant's settings bear on cause.
func aboutSignIn(cause catalogue.Code) bool {
	return cause == catalogue.NotAuthenticated || settledByLog(cause) || Shows(cause)
}

// settledByLog reports whether a sign-in record can say that it was cause. The
// switches of SMTP AUTH stop a submission before Entra is asked.
func settledByLog(cause catalogue.Code) bool {
	return row(cause).Logged || words.SettledBySignInCode(cause)
}

// With weighs d against what the tenant said. probed is when the probe behind
// d began: an older sign-in record is of another attempt and settles nothing.
//
// Confirmed means that the tenant shows the cause for certain. What could not
// be read is neither yes nor no.
func (d Diagnosis) With(ev fact.Evidence, probed time.Time) Diagnosis {
	d.Evidence = ev
	d.Notes = slices.Clone(d.Notes)
	shown := Blockers(ev, d.Mechanism)
	switch d.Verdict {
	case Named:
		d.Told = true
		d.bearOut(shown, readLog(ev, probed))
	case Unsure:
		d.settle(shown, readLog(ev, probed))
	case Unknown: // what stands in the way is told, and named as the cause of nothing
	default:
		return d
	}
	d.Also = without(shown, d.Cause)
	return d
}

// bearOut holds a cause that the reply names against the tenant.
func (d *Diagnosis) bearOut(shown []catalogue.Code, log words.Meaning) {
	switch {
	case slices.Contains(shown, d.Cause), log.Cause == d.Cause && stands(d.Cause, d.Evidence) != no, row(d.Cause).Logged && slices.Contains(log.Candidates, d.Cause):
		d.Verdict = Confirmed
	case slices.ContainsFunc(shown, row(d.Cause).Mends):
		// Two causes, one change: the tenant tells which of them it is.
		d.note("The reply names %s, which the same change mends; the tenant shows this cause instead.", d.Cause)
		d.Verdict, d.Cause = Confirmed, shown[slices.IndexFunc(shown, row(d.Cause).Mends)]
	case stands(d.Cause, d.Evidence) == no:
		d.note("The tenant says otherwise: the setting does not stand in the way. A change may not have reached the mail servers yet, or the device signs in with another mailbox.")
	}
}

// Undecided reports whether what could not be read keeps the tenant from
// saying whether the cause stands in the way.
func (d Diagnosis) Undecided() bool { return stands(d.Cause, d.Evidence) == unread }

// Contradicts reports whether the tenant shows for certain that cause does not
// stand in the way: where the words say that it does, it was mended already
// and the change has not arrived, or the device signs in elsewhere.
func (d Diagnosis) Contradicts(cause catalogue.Code) bool {
	_, known := catalogue.Lookup(cause)
	return known && stands(cause, d.Evidence) == no
}

// settle looks for the cause that the words leave open. What only a person
// can remove and the sign-in log names comes first: as long as it stands,
// nothing else is worth a change. Then come the blockers that the tenant shows,
// those first that the words allow, the narrowest remedy first.
func (d *Diagnosis) settle(shown []catalogue.Code, log words.Meaning) {
	switch {
	case log.Cause != "" && stands(log.Cause, d.Evidence) != no && row(log.Cause).Change == nil:
		d.Told = true
		d.confirm(log.Cause)
		return
	case len(log.Candidates) > 0:
		d.Candidates, d.Anything = log.Candidates, false
	case log.Cause != "" && stands(log.Cause, d.Evidence) != no:
		d.Told = true
		d.confirm(log.Cause)
		return
	}
	if i := slices.IndexFunc(shown, d.allows); i >= 0 {
		d.confirmAmong(shown[i])
		return
	}
	left := slices.DeleteFunc(slices.Clone(d.Candidates), func(c catalogue.Code) bool { return stands(c, d.Evidence) == no })
	if len(left) == 0 {
		d.note("The tenant shows none of these causes.")
		return
	}
	d.Candidates = left
}

// allows reports whether the words, or the sign-in log, leave c possible. Two
// causes with one change, the switches of SMTP AUTH, count as one: the
// mailbox's own value decides. A blocker that is not allowed stands in the way
// too, but is not why this attempt was refused. Words that name nothing, as the
// bare 535 5.7.3 does, allow any.
func (d *Diagnosis) allows(c catalogue.Code) bool {
	if d.Anything {
		return true
	}
	return slices.Contains(d.Candidates, c) || slices.ContainsFunc(d.Candidates, row(c).Mends)
}

func (d *Diagnosis) confirm(cause catalogue.Code) {
	d.Verdict, d.Cause, d.Candidates = Confirmed, cause, nil
}

// confirmAmong confirms a blocker while the words leave a wrong password
// possible as well, and says so.
func (d *Diagnosis) confirmAmong(cause catalogue.Code) {
	if slices.Contains(d.Candidates, catalogue.BadCredentials) {
		d.note("The reply does not tell whether the password is right; that shows once the settings no longer stand in the way.")
	}
	d.confirm(cause)
}

func (d *Diagnosis) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// logSkew is how far the tenant's clock and this machine's may be apart.
const logSkew = time.Minute

// readLog returns the meaning of the newest sign-in record, or none where
// there is no record of this very attempt.
func readLog(ev fact.Evidence, probed time.Time) words.Meaning {
	r := ev.Get(fact.UserSignInError)
	if !r.Known() || r.At.Before(probed.Add(-logSkew)) {
		return words.Meaning{}
	}
	number, err := strconv.Atoi(r.Value)
	if err != nil {
		return words.Meaning{} // "none"
	}
	return words.SignInCode(number)
}

func without(list []catalogue.Code, c catalogue.Code) []catalogue.Code {
	return slices.DeleteFunc(slices.Clone(list), func(other catalogue.Code) bool { return other == c })
}

// A SwitchRow is one line of the truth table of the two SMTP AUTH switches.
type SwitchRow struct {
	Mailbox, Org string // on, off, and inherit for the mailbox
	Effective    string // on or off
	This         bool   // the tenant and mailbox at hand
}

// Switches is the truth table with the row of ev marked; no row is marked
// where either switch could not be read. The mailbox's own value wins.
func Switches(ev fact.Evidence) []SwitchRow {
	mailbox, org := ev.Get(fact.MailboxSMTPAuth), ev.Get(fact.OrgSMTPAuth)
	var rows []SwitchRow
	for _, m := range []string{"on", "off", "inherit"} {
		for _, o := range []string{"on", "off"} {
			row := SwitchRow{Mailbox: m, Org: o, Effective: m}
			if m == "inherit" {
				row.Effective = o
			}
			row.This = mailbox.Known() && org.Known() && mailbox.Value == m && org.Value == o
			rows = append(rows, row)
		}
	}
	return rows
}
