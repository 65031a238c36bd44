package words

import (
	"slices"
	"strings"
)

// microsoftMarks are, squeezed, what only Microsoft's own service writes into
// a reply. The domains are those of the trailing tag.
var microsoftMarks = []string{
	"prod.outlook.com", "protection.outlook.com", "[outlook.com]", "outlook.office365.com", "outlook.office365.us",
	"prod.exchangelabs.com", "partner.outlook.cn", "aka.ms/", "go.microsoft.com", "smtpclientauthentication",
	"storedrv", "tenantattribution", "basicauthenticationisnotsupportedforclientsubmission",
}

// GreetingWords stand in every greeting of Microsoft 365.
const GreetingWords = "Microsoft ESMTP MAIL Service"

// microsoftDomains hold the hosts of Microsoft 365 and Outlook.com.
var microsoftDomains = []string{
	"office365.com", "office365.us", "office365.cn", "outlook.com", "outlook.cn", "exchangelabs.com", "mx.microsoft",
	"hotmail.com", "live.com", "apps.mil",
}

// placeholders are the domains that RFC 2606 keeps for examples.
var placeholders = []string{"example", "example.com", "example.net", "example.org"}

// submissionHosts take sign-ins; whoever answers in their name without their
// words stands in between.
var submissionHosts = []string{
	"smtp.office365.com", "smtp-legacy.office365.com", "smtp-hve.office365.com", "smtp.office365.us", "outlook-dod.office365.us",
	"smtp.partner.outlook.cn", "smtp-mail.outlook.com", "smtp.hve.mx.microsoft", "outlook.office365.com",
}

// googleMark ends every reply of Google's; a host of Microsoft's beside it is
// of whoever logged the reply.
const googleMark = "gsmtp"

// marked reports whether a squeezed reply carries a mark of Microsoft.
func marked(squeezed string) bool {
	if strings.Contains(squeezed, googleMark) {
		return false
	}
	for _, m := range microsoftMarks {
		if strings.Contains(squeezed, m) {
			return true
		}
	}
	return false
}

// IsMicrosoft reports whether host is one of Microsoft's.
func IsMicrosoft(host string) bool { return InDomains(host, microsoftDomains) }

// IsSubmission reports whether host is one that takes sign-ins.
func IsSubmission(host string) bool { return InDomains(host, submissionHosts) }

// mentionsSubmission reports whether text names a host that takes sign-ins.
func mentionsSubmission(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(submissionHosts, func(h string) bool { return strings.Contains(text, h) })
}

// InDomains reports whether host is one of domains or lies in one.
func InDomains(host string, domains []string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, d := range domains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// hostMarks introduce, in the logs of mail servers and clients, the host that
// gave the reply.
var hostMarks = []string{"relay=", "host ", "server ", " h=", "host: "}

// speakerWithin is how far before a reply the name of its host can stand.
const speakerWithin = 2 << 10

// speaker returns the host that a log names as the one that spoke before at,
// "" when it names none.
func speaker(text string, at int) string {
	text = lowerASCII(strings.ReplaceAll(text[max(0, at-speakerWithin):at], "\n", "")) // names are broken like other words
	at = len(text)
	best, host := -1, ""
	for _, mark := range hostMarks {
		for i := 0; i < at; {
			j := strings.Index(text[i:at], mark)
			if j < 0 {
				break
			}
			i += j + len(mark)
			if h := hostAt(text[i:]); h != "" && i > best {
				best, host = i, h
			}
		}
	}
	return host
}

// hostAt reads a host name that a log's bracketed address follows, or a comma.
func hostAt(s string) string {
	n := 0
	for n < len(s) && (isWord(s[n]) || s[n] == '.' || s[n] == '-') {
		n++
	}
	host := strings.TrimSuffix(s[:n], ".")
	rest := strings.TrimLeft(s[n:], " ")
	if !strings.Contains(host, ".") || rest == "" || rest[0] != '[' && rest[0] != ',' {
		return ""
	}
	return host
}

// tagHost returns the host of the "[host]" or "[host date id]" with which an
// Exchange server ends a reply, "" when there is none. Names made anonymous
// have no dot as a rule, or are of RFC 2606, and say nothing; Microsoft's are
// marks already.
func tagHost(words string) string {
	open := strings.LastIndexByte(words, '[')
	if open < 0 {
		return ""
	}
	tag, behind, closed := strings.Cut(words[open+1:], "]")
	host, _, _ := strings.Cut(tag, " ")
	if !closed || !isHostName(host) || IsMicrosoft(host) || anonymous(host) || !endsReply(behind) {
		return ""
	}
	return host
}

// anonymous reports whether somebody put host in the place of the real one.
func anonymous(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if strings.Trim(label, "xX") == "" {
			return true
		}
	}
	return InDomains(host, placeholders)
}

// endsReply reports whether nothing of a reply follows, but perhaps the quotes
// and brackets of whoever printed it.
func endsReply(behind string) bool {
	behind = strings.TrimLeft(behind, " \"')`*")
	return behind == "" || behind[0] == '\n' || behind[0] == ','
}

// speaker looks at who said the words that decide.
func (r *reading) speaker() {
	if r.pick.row == nil {
		return
	}
	if r.pick.host == ownMachine {
		r.ownServer()
		return
	}
	if r.pick.host == "" && r.m.Verdict == OtherProvider && len(r.pick.row.Allows) > 0 && namesMicrosoft(r.text) {
		r.m.Verdict, r.m.Candidates = Unsure, slices.Clone(r.pick.row.Allows)
		r.m.Notes = append(r.m.Notes, "These are the words of the device or the app, which hides what the server said.")
		return
	}
	r.m = r.pick.spoken(r.m)
}

// products are how people name Microsoft 365 beside what their device shows.
var products = []string{"office365", "office 365", "microsoft 365", "o365", "m365", "exchange online"}

// namesMicrosoft reports whether text names Microsoft 365 or a host of it.
func namesMicrosoft(text string) bool {
	return mentionsSubmission(text) || containsAny(strings.ToLower(text), products)
}

// spoken corrects what the words mean for the host that said them.
func (f finding) spoken(m Meaning) Meaning {
	switch {
	case m.Verdict == OtherProvider && !f.ours && IsSubmission(f.host):
		m.Verdict, m.Cause, m.Candidates = Named, "smtp-intercepted", nil
		m.Notes = append(m.Notes, "The log names "+f.host+" as the server, but these are not its words: something in between answered.")
	case m.Verdict != OtherProvider && m.Verdict != Healthy && !f.row.Shared && !f.ours && f.host != "" && !IsMicrosoft(f.host):
		m = Meaning{Verdict: OtherProvider, Reply: m.Reply,
			Notes: []string{"The reply came from " + f.host + ", which is not Microsoft 365."}}
	}
	return m
}

// ownServer is for a client that asked its own machine.
func (r *reading) ownServer() {
	r.m.Verdict, r.m.Cause, r.m.Candidates = Unsure, "", []Code{"wrong-endpoint"}
	for _, c := range r.pick.row.Possible() {
		if c != "wrong-endpoint" {
			r.m.Candidates = append(r.m.Candidates, c)
		}
	}
	r.m.Notes = append(r.m.Notes, "The client asked its own machine, not Microsoft 365.")
}

// greeted corrects the answer for a greeting, or capabilities, that are not
// Microsoft's: whatever such a server refuses is its own, and where the text
// names a host of Microsoft 365, it answered in that host's name.
func (r *reading) greeted() {
	if !r.settled() || r.pick.ours || r.m.Reply.Code == 0 && r.m.Reply.Status == "" {
		return
	}
	for _, seg := range r.replies {
		if seg.Code != 220 && seg.Code != 250 {
			continue
		}
		row := r.rowOf(seg)
		if row == nil || !row.Healthy && !row.Other && seg.Code != 220 {
			continue
		}
		if row.verdict() == Healthy {
			return
		}
		reply := r.m.Reply
		r.m = meaningOf(row.Sign)
		r.m.Reply = reply
		if r.m.Verdict == OtherProvider && mentionsSubmission(r.text) {
			r.m.Verdict, r.m.Cause = Named, "smtp-intercepted"
			r.m.Notes = append(r.m.Notes, "The text names a host of Microsoft 365, but the greeting is another server's.")
		}
		return
	}
}

// lowerASCII is strings.ToLower without a change of length.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
