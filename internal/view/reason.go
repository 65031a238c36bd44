package view

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// reasonText says the cause, and what bears it out, in a sentence or two. What
// the words alone left open does not matter once the tenant has borne it out.
func (v *verdict) reasonText(p *page, room int) {
	d, how := v.Diagnosis, p.bearing(v.Diagnosis)
	notes := d.Notes
	if v.s.Change == "put-back" { // what was read in between says nothing of now
		how, notes = p.t("The change for it had no effect."), notes[:min(v.Heard, len(notes))]
	}
	switch {
	case slices.Contains(notes, diagnose.NotTheMailbox):
		p.prose("", diagnose.NotTheMailbox)
		return
	case v.OAuth != nil && v.OAuth.Elsewhere != "":
		p.prose("", "Entra refuses the device code; that says nothing about the mailbox, and nothing has to be weakened for it. [%s]%s", d.Cause, "")
		return
	case v.s.Password == "no-password":
		p.prose("", "This is what a device gets that does not sign in. [%s]", d.Cause)
		notes = nil
	case d.Verdict == diagnose.Confirmed:
		p.prose("", "%s [%s] %s", p.t(title(d.Cause)), d.Cause, how)
		if v.held != "" && room < everything {
			p.prose("", v.held)
			notes = nil
		} else if room < everything {
			notes = notes[min(v.Heard, len(notes)):]
		}
	case d.Verdict == diagnose.Named:
		p.prose("", "%s [%s] %s", p.t(title(d.Cause)), d.Cause, how)
	case d.Verdict == diagnose.Unsure:
		v.choicesText(p, room)
	case d.Verdict == diagnose.OtherProvider:
		p.prose("", "These are not the words of Microsoft 365.")
	case d.Verdict == diagnose.Unknown:
		p.prose("", "smtpmend does not know these words, so it names no cause.")
	}
	few := room - 2
	if d.Verdict == diagnose.Unsure {
		few-- // the candidates tell more
	}
	for _, note := range notes[:min(len(notes), max(few, 0))] {
		p.prose("", note)
	}
	switch unread := unreadReasons(d.Evidence); {
	case len(unread) == 0:
	case d.Verdict == diagnose.Named && !diagnose.Shows(d.Cause) && !slices.ContainsFunc(d.Evidence, fact.Reading.Known):
		p.prose("", "The tenant was not read: %s", p.t(unread[0].reason))
	case d.Verdict == diagnose.Unsure:
		p.prose("", "Could not be read, so it stays open: %s (%s).", shortened(p.titles(unread[0], ", "), 60), strings.TrimSuffix(p.t(unread[0].reason), "."))
	case v.s.Evidence == "borne-out" && slices.ContainsFunc(d.Evidence, func(r fact.Reading) bool { return r.Trouble != nil }):
		p.prose("", "Could not be read (--verbose says why): %s.", shortened(p.titles(unread[0], ", "), 60))
	}
	switch also := strings.Join(Codes(d.Also), ", "); {
	case also == "":
	case d.Verdict == diagnose.Unknown:
		p.prose("", "The tenant shows what would stop a sign-in; whether it is why this one failed is not known: %s.", also)
	default:
		p.prose("", "Also in the way: %s.", also)
	}
}

func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}

// bearing says what stands behind a cause.
func (p *page) bearing(d diagnose.Diagnosis) string {
	switch {
	case d.Verdict == diagnose.Confirmed && d.Contradicts(d.Cause):
		return p.t("The tenant bore it out; the setting is right now.")
	case d.Verdict == diagnose.Confirmed:
		if shown := p.showing(d); shown != "" {
			return p.t("The tenant bears it out (%s).", shown)
		}
		return p.t("The tenant bears it out.")
	case len(d.Evidence) == 0 && len(diagnose.Questions(d)) == 0:
		return ""
	case len(d.Evidence) == 0:
		return p.t("The reply names it; the tenant was not asked.")
	case d.Contradicts(d.Cause):
		return p.t("The reply names it; the tenant shows that the setting is right already.")
	case diagnose.Shows(d.Cause):
		return p.t("The reply names it; the setting itself could not be read. %s", p.t(unreadOf(d)))
	}
	return p.t("The reply names it; no setting of the tenant shows it.")
}

// unreadOf is why the settings behind a cause could not be read.
func unreadOf(d diagnose.Diagnosis) string {
	cause, _ := catalogue.Lookup(d.Cause)
	for _, condition := range cause.Shown {
		for _, term := range condition {
			if r := d.Evidence.Get(term.Fact); r.Error != "" {
				return r.Error
			}
		}
	}
	return ""
}

// showing is what the tenant shows for the cause: the settings that make it
// up, or the sign-in log where no setting does.
func (p *page) showing(d diagnose.Diagnosis) string {
	shown := diagnose.Showing(d.Cause, d.Evidence)
	if log := d.Evidence.Get(fact.UserSignInError); len(shown) == 0 && log.Known() && log.Value != fact.None {
		shown = fact.Evidence{log}
	}
	var all []string
	for _, r := range shown {
		row, _ := fact.Lookup(r.Fact)
		value, _, _ := strings.Cut(p.valueWords(row, r.Value), ": ")
		all = append(all, p.t(row.Title)+": "+value)
	}
	return strings.Join(all, "; ")
}

// some lists as many things as there is room for, and counts the others.
func (p *page) some(all []string, room int) string {
	n, length := 0, 0
	for n < len(all) && (n == 0 || length+len(all[n]) <= room) {
		length += len(all[n]) + len(", ")
		n++
	}
	if n == len(all) {
		return strings.Join(all, ", ")
	}
	return p.t("%s, and %d more (--verbose names them)", strings.Join(all[:n], ", "), len(all)-n)
}

// mostChoices is how many candidates a default answer lists.
const mostChoices = 3

// choicesText lists what the words leave possible, as many with the check that
// tells each as there is room for.
func (v *verdict) choicesText(p *page, room int) {
	d := v.Diagnosis
	switch len(d.Candidates) {
	case 0:
		p.prose("", "The words point to a refusal, but to no cause.")
		return
	case 1:
		cause, _ := catalogue.Lookup(d.Candidates[0])
		p.prose("", "Most likely: %s [%s]", p.t(cause.Title), cause.Code)
		if room > 0 && v.next.check != cause.Check {
			p.item("  "+p.t("Check")+": ", "  ", cause.Check)
		}
		return
	}
	p.prose("", "The words allow several causes, the likeliest first:")
	n := len(d.Candidates)
	if room < everything {
		n = min(n, mostChoices, max(room, 1))
	}
	for i, code := range d.Candidates[:n] {
		cause, _ := catalogue.Lookup(code)
		p.item(fmt.Sprintf("  %d. ", i+1), "     ", "%s [%s]", p.t(cause.Title), code)
		if room > 1 && v.next.check != cause.Check {
			p.item("     "+p.t("Check")+": ", "     ", cause.Check)
		}
	}
	if rest := Codes(d.Candidates[n:]); len(rest) > 0 {
		p.item("  "+p.t("Also possible")+": ", "     ", "%s", p.some(rest, max(60, room*40-100)))
	}
	if room > 0 {
		p.prose("  ", "More about each: smtpmend explain %s", d.Candidates[0])
	}
}

// whoDoes is said before steps.
var whoDoes = map[catalogue.Who]string{
	catalogue.Tool:    "An administrator can do it by hand:",
	catalogue.ByHand:  "An administrator has to do this:",
	catalogue.User:    "The owner of the mailbox has to do this:",
	catalogue.Device:  "Whoever sets up the device has to do this:",
	catalogue.Network: "Whoever runs the network in between has to do this:",
	catalogue.Wait:    "It passes by itself:",
}

// causeSteps says what to do about a cause, and where all of it stands when
// there is no room.
func causeSteps(p *page, c catalogue.Cause, block []string, room int) {
	switch {
	case room == everything:
		causeDetails(p, c, block)
		return
	case len(c.Portal) == 0:
		return
	case room == 0:
		p.blank()
		p.prose("", "What to do: smtpmend explain %s", c.Code)
		return
	}
	p.blank()
	p.prose("", whoDoes[c.Who])
	p.numbered(c.Portal[:min(len(c.Portal), room)])
	if len(c.Portal) > room {
		p.prose("  ", "All steps: smtpmend explain %s", c.Code)
	}
}
