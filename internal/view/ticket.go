package view

import (
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// ticket are the lines to keep with a case: what was tried, heard and found.
func (v *verdict) ticket(p *page) []string {
	d := v.Diagnosis
	lines := []string{p.t("Mailbox: %s", v.Mailbox)}
	if v.Report != nil {
		lines = append(lines, p.t("Tried: %s at %s", utc(v.Report.Started), v.Report.Server))
	}
	if words := replyWords(d.Reply); words != "" && d.Verdict != diagnose.Healthy {
		lines = append(lines, p.t("Server: %s", strings.Join(strings.Fields(words), " ")))
	}
	switch {
	case d.Verdict == diagnose.Healthy:
		lines = append(lines, p.t("Result: can submit"))
	case d.Cause != "":
		lines = append(lines, p.t("Cause: %s (%s, %s)", p.t(title(d.Cause)), d.Cause, d.Verdict))
	case len(d.Candidates) > 0:
		lines = append(lines, p.t("Cause: open; possible are %s", strings.Join(Codes(d.Candidates), ", ")))
	default:
		lines = append(lines, p.t("Cause: not known"))
	}
	if len(d.Also) > 0 {
		lines = append(lines, p.t("Also in the way: %s", strings.Join(Codes(d.Also), ", ")))
	}
	return lines
}

// whoWill says to a customer who has to do something.
var whoWill = map[catalogue.Who]string{
	catalogue.Tool:    "An administrator of Microsoft 365 has to change one setting, which we will agree with you first.",
	catalogue.ByHand:  "An administrator of Microsoft 365 has to change something, which we will agree with you first.",
	catalogue.User:    "The owner of the mailbox has to do something; we will say what.",
	catalogue.Device:  "A setting of the device has to be changed.",
	catalogue.Network: "Whoever runs the network in between has to let the connection pass.",
	catalogue.Wait:    "Nobody has to do anything: it passes by itself.",
}

// customer are three sentences for whoever waits for mail to be sent again.
func (v *verdict) customer(p *page) []string {
	d := v.Diagnosis
	cause, known := catalogue.Lookup(d.Cause)
	switch {
	case d.Verdict == diagnose.Healthy:
		return []string{
			p.t("Sending mail as %s through Microsoft 365 works.", v.Mailbox),
			p.t("We tried the sign-in ourselves, and the service accepted it."),
			p.t("Please send a test from the device and tell us if it does not arrive."),
		}
	case v.s.Password == "no-password":
		return []string{
			p.t("Whether %s can send mail is not known yet.", v.Mailbox),
			p.t("We need the password that the device uses, or the error text that it shows."),
			p.t("Please do not change any setting until then."),
		}
	case known:
		return []string{
			p.t("The device that sends as %s cannot send mail at present, and we know why.", v.Mailbox),
			p.t(whoWill[cause.Who]),
			p.t("We will try again afterwards and tell you when it works."),
		}
	}
	return []string{
		p.t("The device that sends as %s cannot send mail at present.", v.Mailbox),
		p.t("The answer of the service allows several reasons, and we are finding out which of them it is."),
		p.t("Please do not change any setting or password until we know."),
	}
}
