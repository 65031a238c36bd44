package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Text says what a pasted reply, log line, non-delivery report or client error
// means. It understands the shapes in which clients print replies; the inner
// reply wins over the outer one. The verdict is Named, Unsure, Unknown,
// OtherProvider or Healthy.
func Text(text string) Meaning {
	m, _ := read(text)
	return m
}

// A step is one rule of the policy by which a text comes to its meaning.
type step struct {
	name string
	do   func(*reading)
}

// policy is the whole of it, in order. The first steps choose the refusal that
// decides, the later ones look at who said it, to whom, and how.
var policy = []step{
	{"a code of Entra's decides over any reply", (*reading).entraCode},
	{"every refusal is held against the table", (*reading).refusals},
	{"a later sign-in wipes out those refused before", (*reading).accepted},
	{"unknown words yield to known ones", (*reading).known},
	{"a code alone yields to words", (*reading).worded},
	{"the beginning of a reply yields to the whole", (*reading).repeated},
	{"what tells the reason wins", (*reading).telling},
	{"the password's answer wins over the missing token's", (*reading).token},
	{"the last wins", (*reading).last},
	{"words before their code", (*reading).wordsBefore},
	{"words without a code", (*reading).wordsAlone},
	{"who spoke", (*reading).speaker},
	{"rivals stay open", (*reading).openRivals},
	{"a refusal that nobody knows", (*reading).unrecognised},
	{"an acceptance", (*reading).acceptance},
	{"who greeted", (*reading).greeted},
	{"the mechanism rules out", (*reading).mechanism},
	{"STARTTLS offered and not used", (*reading).starttls},
	{"hearsay leaves open", (*reading).hearsay},
	{"other refusals are counted", (*reading).count},
}

// read is Text, and the row of the table that decided, nil when none did.
func read(text string) (Meaning, *row) {
	r := mark(clean(text), nil)
	r.weigh()
	return r.m, r.pick.row
}

// weigh applies the policy.
func (r *reading) weigh() {
	for _, s := range policy {
		s.do(r)
	}
	if r.m.Verdict == "" {
		r.m.Verdict = Unknown
	}
}

// settled reports whether a step before has found the answer.
func (r *reading) settled() bool { return r.m.Verdict != "" }

// settle makes f the finding that decides.
func (r *reading) settle(f finding) { r.pick, r.m = f, f.meaning() }

// meaning returns what the finding's row says of its reply.
func (f finding) meaning() Meaning {
	m := meaningOf(f.row.Sign)
	m.Reply = f.seg.reply()
	return m
}

// entraCode looks for a code of Entra's: the token endpoint comes before the
// mail server, and the sign-in log knows more than the reply.
func (r *reading) entraCode() {
	if m, from, to, ok := fromSignInCode(r.text); ok {
		r.m, r.pick.seg.start, r.pick.seg.end = m, from, to
	}
}

// wordsBefore names the cause of a reply that a client prints with its status
// behind the words: "Client not authenticated to send mail,530,5.7.57".
func (r *reading) wordsBefore() {
	if r.pick.row == nil || r.pick.row.Words != "" || len(r.pick.row.Allows) == 0 {
		return
	}
	f, ok := r.asWhole()
	if ok && slices.Contains(r.pick.row.Allows, f.row.Names) {
		f.host = cmp.Or(f.host, r.pick.host)
		r.settle(f)
	}
}

// wordsAlone holds the table against the text as a whole: for clients that
// leave the codes out, and for their own words.
func (r *reading) wordsAlone() {
	if r.settled() {
		return
	}
	if f, ok := r.asWhole(); ok {
		r.settle(f)
		if f.host == ownMachine {
			r.ownServer()
		}
	}
}

// asWhole returns what the text says without regard to codes.
func (r *reading) asWhole() (finding, bool) {
	ours := marked(r.plain)
	v := &view{reading: r, in: span{0, len(r.plain)}, stage: r.stage, ours: ours, client: true}
	row := match(v)
	if row == nil || row.Loose && !r.aboutMail(row) {
		return finding{}, false
	}
	f := finding{row: row, ours: ours, host: speaker(r.text, len(r.text))}
	if len(r.replies) == 1 && r.replies[0].refusal() {
		f.seg.Code, f.seg.Status = r.replies[0].Code, r.replies[0].Status
	}
	f.seg.Text, f.seg.start = r.lineOf(row)
	if row.Client && r.acceptedBehind(f.seg.start) {
		return finding{}, false
	}
	if row.Client && f.host == "" && !ours {
		f.host = asked(r.text)
	}
	return f, true
}

// acceptedBehind reports whether the last reply of a text is an acceptance and
// stands behind at: a client that could not connect tried another address.
func (r *reading) acceptedBehind(at int) bool {
	if len(r.replies) == 0 {
		return false
	}
	last := r.replies[len(r.replies)-1]
	if last.start < at || last.Code != 250 && last.Code != 235 {
		return false
	}
	row := r.rowOf(last)
	return row != nil && row.Healthy
}

// rowOf returns the row of an acceptance.
func (r *reading) rowOf(s segment) *row {
	return match(&view{reading: r, in: r.squeezed(s.body, s.end), code: s.Code, status: s.Status})
}

// openRivals leaves everything open that replies of the same rank name
// otherwise: the text does not say which of them counts today.
func (r *reading) openRivals() {
	if r.m.Verdict != Named || len(r.rivals) == 0 {
		return
	}
	open := []Code{r.m.Cause}
	for _, f := range slices.Backward(r.rivals) {
		if f.row == nil {
			continue
		}
		if o := f.spoken(f.meaning()); o.Verdict == Named && !slices.Contains(open, o.Cause) {
			open = append(open, o.Cause)
		}
	}
	if len(open) > 1 {
		r.m.Verdict, r.m.Cause, r.m.Candidates = Unsure, "", open
		r.m.Notes = append(r.m.Notes, "The text holds refusals for different reasons; the last comes first here.")
	}
}

// unrecognised is for a refusal whose words no row knows.
func (r *reading) unrecognised() {
	if r.settled() || len(r.found) == 0 {
		return
	}
	f := r.found[len(r.found)-1]
	r.m = Meaning{Verdict: Unknown, Reply: f.seg.reply()}
	if !f.ours && f.host != "" && !IsMicrosoft(f.host) {
		r.m.Verdict = OtherProvider
		r.m.Notes = []string{"The reply came from " + f.host + ", which is not Microsoft 365."}
	}
}

// acceptance is for a text without a refusal. A greeting counts alone: a
// dialogue that goes on and stops has neither failed nor succeeded.
func (r *reading) acceptance() {
	if r.settled() {
		return
	}
	for _, seg := range slices.Backward(r.replies) {
		row := r.rowOf(seg)
		if row == nil || row.verdict() == Unsure || row.Healthy && seg.Code == 220 && strings.Contains(strings.Trim(r.text, " \n`\"'*"), "\n") {
			continue
		}
		r.m, r.pick = meaningOf(row.Sign), finding{seg: seg, row: row}
		r.m.Reply = seg.reply()
		return
	}
	if n := len(r.replies); n > 0 {
		r.m.Reply = r.replies[n-1].reply()
	}
}

// count says how many of the refusals mean something else than the one that
// decides. What follows from a refused sign-in is not another.
func (r *reading) count() {
	if r.pick.row == nil {
		return
	}
	for _, f := range r.all {
		if f.row != nil && f.rank > rankOutcome && f.seg.start != r.pick.seg.start && !f.row.Agrees(r.pick.row.Sign) {
			r.m.Others++
		}
	}
	switch {
	case r.m.Others == 1:
		r.m.Notes = append(r.m.Notes, "The text holds another refusal, which tells less; explain --log shows each.")
	case r.m.Others > 1:
		r.m.Notes = append(r.m.Notes, fmt.Sprintf("The text holds %d other refusals, which tell less; explain --log shows each.", r.m.Others))
	}
}
