package words

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

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
	{"who spoke", (*reading).spoken},
	{"rivals stay open", (*reading).openRivals},
	{"a refusal that nobody knows", (*reading).unrecognised},
	{"an acceptance", (*reading).acceptance},
	{"who greeted", (*reading).greeted},
	{"the mechanism rules out", (*reading).mechanism},
	{"STARTTLS offered and not used", (*reading).starttls},
	{"hearsay leaves open", (*reading).hearsay},
	{"other refusals are counted", (*reading).count},
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
func (r *reading) settle(f finding) {
	r.pick, r.m = f, Of(f.row.Sign)
	r.m.Reply = f.seg.reply()
}

// wordsBefore names the cause of a reply that a client prints with its status
// behind the words: "Client not authenticated to send mail,530,5.7.57".
func (r *reading) wordsBefore() {
	if r.pick.row == nil || r.pick.row.Words != "" || len(r.pick.row.Allows) == 0 {
		return
	}
	if f, ok := r.asWhole(); ok && slices.Contains(r.pick.row.Allows, f.row.Names) {
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
	}
}

// asWhole returns what the text says without regard to codes.
func (r *reading) asWhole() (f finding, ok bool) {
	v := &view{reading: r, in: r.squeezed(r.past, len(r.text)), stage: r.stage, ours: marked(r.plain), client: true}
	f = finding{row: match(v), ours: v.ours, host: r.speaker(len(r.text), len(r.text))}
	if f.row == nil {
		return f, false
	}
	words, _ := r.placed(f.row.want, v.in)
	f.seg.start, f.seg.end = words.from, words.to
	line := r.lineAround(words)
	f.seg.Text = r.text[line.from:line.to]
	if len(r.replies) == 1 && r.replies[0].refusal() {
		f.seg.Code, f.seg.Status = r.replies[0].Code, r.replies[0].Status
	}
	if f.row.Client && f.host == "" {
		f.host = r.asked()
	}
	return f, !f.row.Loose || r.aboutMail(r.text[line.from:words.from])
}

// rowOf returns the row of an acceptance; a refusal has none.
func (r *reading) rowOf(s segment) *row {
	if s.refusal() {
		return nil
	}
	return match(&view{reading: r, in: r.squeezed(s.body, s.end), code: s.Code, status: s.Status})
}

// openRivals leaves everything open that replies of the same rank name
// otherwise: the text does not say which of them counts today.
func (r *reading) openRivals() {
	known := r.m.possible()
	open := slices.Clone(known)
	for _, f := range slices.Backward(r.rivals) {
		if f.row != nil && !slices.ContainsFunc(f.row.Possible(), func(c Code) bool { return slices.Contains(known, c) }) {
			open = append(open, f.row.Possible()...)
		}
	}
	if len(known) > 0 && len(open) > len(known) {
		r.m.leave(signs.NoteReasons, open...)
	}
}

// unrecognised is for a refusal whose words no row knows.
func (r *reading) unrecognised() {
	if r.settled() || len(r.found) == 0 {
		return
	}
	f := r.found[len(r.found)-1]
	r.m = Meaning{Verdict: Unknown, Reply: f.seg.reply()}
	if f.elsewhere() {
		r.m.foreign("The reply came from " + f.host + ", which is not Microsoft 365.")
	}
}

// acceptance is for a text without a refusal. A dialogue that goes on behind
// its last acceptance and stops has neither failed nor succeeded.
func (r *reading) acceptance() {
	if r.settled() || len(r.replies) == 0 {
		return
	}
	last := len(r.replies) - 1
	for last > 0 && r.replies[last].Code == 221 { // the answer to QUIT
		last--
	}
	for i, seg := range slices.Backward(r.replies) {
		row := r.rowOf(seg)
		if row == nil || row.Healthy && (i != last || seg.Code != 250 && r.goesOn(seg)) {
			continue
		}
		r.settle(finding{seg: seg, row: row})
		return
	}
	r.m.Reply = r.replies[len(r.replies)-1].reply()
}

// goesOn reports whether something follows the line of a reply, or stands
// before a greeting.
func (r *reading) goesOn(s segment) bool {
	from := s.start
	if s.Code == 220 {
		from = 0
	}
	text := strings.Trim(r.text[from:min(s.end, len(r.text))], " \n`\"'*")
	return strings.Contains(text, "\n") || s.Code == 220 && !endOfGreeting().MatchString(text)
}

var endOfGreeting = pattern(`(?:\d|\]|ready)["'})\]]*$`)

// mechanism weighs what the words leave open by the mechanism that the client
// used, where the text shows it.
func (r *reading) mechanism() {
	if r.pick.row == nil || r.m.Verdict != Unsure || len(r.ctx.mechanisms) != 1 {
		return
	}
	switch name := strings.ToUpper(r.ctx.mechanisms[0]); {
	case !slices.Contains(signs.ForeignMechanisms, name) || r.pick.ours:
		r.m = r.m.ForMechanism(name)
	case r.namesMicrosoft():
		r.m.Candidates = append([]Code{"mechanism-unsupported"}, r.m.Candidates...)
	default:
		r.m.foreign("Microsoft 365 takes LOGIN and XOAUTH2; the client signed in with " + name + ", to another server.")
	}
}

// starttls names the client that was offered STARTTLS and signed in without.
func (r *reading) starttls() {
	refused := r.pick.row != nil && slices.Contains(r.pick.row.Possible(), "mechanism-unsupported")
	if refused && r.ctx.offered && !r.ctx.started {
		r.m.Name("starttls-not-used", "")
	}
}

// count says how many of the refusals mean something else than the one that
// decides. What follows from a refused sign-in is not another.
func (r *reading) count() {
	if r.pick.row == nil {
		return
	}
	for _, f := range r.all {
		if f.row != nil && f.rank > rankOutcome && !f.row.Agrees(r.pick.row.Sign) {
			r.m.Others++
		}
	}
	switch {
	case r.m.Others == 1:
		r.m.note("The text holds another refusal, which tells less; explain --log shows each.")
	case r.m.Others > 1:
		r.m.note(fmt.Sprintf("The text holds %d other refusals, which tell less; explain --log shows each.", r.m.Others))
	}
}
