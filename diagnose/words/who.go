package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// marked reports whether a squeezed reply carries a mark of Microsoft.
func marked(squeezed string) bool {
	return containsAny(squeezed, signs.Marks) && !strings.Contains(squeezed, signs.GoogleMark)
}

// IsMicrosoft reports whether host is one of Microsoft's.
func IsMicrosoft(host string) bool { return InDomains(host, signs.Domains) }

// IsSubmission reports whether host is one that takes sign-ins.
func IsSubmission(host string) bool { return InDomains(host, signs.SubmissionHosts) }

// InDomains reports whether host is one of domains or lies in one.
func InDomains(host string, domains []string) bool {
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(host, "."+d) })
}

// namesMicrosoft reports whether the text names Microsoft 365 or a host of it.
func (r *reading) namesMicrosoft() bool {
	return containsAny(r.lower, signs.SubmissionHosts) || containsAny(r.lower, signs.Products)
}

// elsewhere reports whether a host that is not Microsoft's said the words.
func (f finding) elsewhere() bool { return !f.ours && f.host != "" && !IsMicrosoft(f.host) }

// spoken corrects what the words that decide mean for the host that said them.
func (r *reading) spoken() {
	f, m := r.pick, &r.m
	if f.row == nil {
		return
	}
	switch {
	case f.host == ownMachine:
		m.leave(signs.NoteOwn, append([]Code{"wrong-endpoint"}, f.row.Possible()...)...)
	case f.host == "" && f.row.Other && len(f.row.Allows) > 0 && r.namesMicrosoft():
		m.leave(signs.NoteDevice, f.row.Allows...)
	case f.row.Other && !f.ours && IsSubmission(f.host):
		m.Name("smtp-intercepted", "The log names "+f.host+" as the server, but these are not its words: something in between answered.")
	case f.row.Client && f.elsewhere() && containsAny(f.host, signs.NearlyMicrosoft):
		m.leave("The client asked "+f.host+", which is not Microsoft 365: check how it is spelt.", append([]Code{"wrong-endpoint"}, f.row.Possible()...)...)
	case f.row.Client && !f.row.Shared && f.elsewhere():
		m.foreign("The client asked " + f.host + ", which is not Microsoft 365.")
	case !f.row.Other && !f.row.Shared && f.elsewhere():
		m.foreign("The reply came from " + f.host + ", which is not Microsoft 365.")
	}
}

// greeted corrects the answer for a greeting, or capabilities, that are not
// Microsoft's: whatever such a server refuses is its own, and where the text
// names a host of Microsoft 365, it answered in that host's name.
func (r *reading) greeted() {
	if !r.settled() || r.pick.ours {
		return
	}
	for _, seg := range r.replies {
		if seg.Code != 220 && seg.Code != 250 {
			continue
		}
		row := r.rowOf(seg)
		if row == nil {
			continue
		}
		if !row.Healthy {
			reply := r.m.Reply
			r.m = Of(row.Sign)
			r.m.Reply = reply
		}
		if row.Other && containsAny(r.lower, signs.SubmissionHosts) {
			r.m.Name("smtp-intercepted", signs.NoteGreeted)
		}
		return
	}
}
