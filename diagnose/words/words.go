package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/dialogue"
)

// Text says what a pasted reply, log line, non-delivery report or client error
// means. It understands the shapes in which clients print replies; the inner
// reply wins over the outer one. The verdict is Named, Unsure, Unknown,
// OtherProvider or Healthy.
func Text(text string) Meaning {
	m, _ := read(text)
	return m
}

// read is Text, and the row of the table that decided, nil when none did.
func read(text string) (Meaning, *row) {
	r := mark(clean(text), nil)
	defer r.release()
	r.weigh()
	return r.m, r.pick.row
}

// FromReply says what a reply means that a probe recorded in reply to a
// command of stage, with the mechanism of the sign-in before it. ours is true
// where the words carry a mark of Microsoft. The reply is taken as it is: only
// a reply nested in its words is looked for in them.
func FromReply(r *dialogue.Reply, stage Stage, mechanism string) (m Meaning, ours bool) {
	words := make([]string, len(r.Lines))
	for i, line := range r.Lines {
		words[i] = strings.TrimPrefix(strings.TrimPrefix(dialogue.AfterCode(line), r.Status), " ")
	}
	reading := mark(clean(strings.Join(words, "\n")), &segment{Reply: Reply{Code: r.Code, Status: r.Status}})
	switch reading.stage = stage; stage {
	case catalogue.StageMail, catalogue.StageRcpt, dialogue.StageData:
		reading.stage = catalogue.StageSubmit
	}
	reading.ctx = context{}
	reading.weigh()
	m = reading.m.ForMechanism(mechanism)
	if reading.pick.row == nil {
		m = Meaning{Verdict: Unknown, Reply: reading.m.Reply}
	}
	return m, reading.pick.ours
}

// Said returns what a recorded reply says, on one line.
func Said(r *dialogue.Reply) Reply {
	m, _ := FromReply(r, "", "")
	return m.Reply
}

// InLog says what a piece of a log means, and at which octet the refusal
// begins, 0 where that cannot be told. ok is false where it holds none: words
// that say nothing about mail submission, or that report success, and words
// that mean mail only because somebody pasted them. A refusal with Microsoft's
// mark whose words nobody knows gives an Unknown.
func InLog(text string) (m Meaning, at int, ok bool) {
	m, row := read(text)
	switch {
	case m.Verdict == Healthy,
		m.Verdict == Unknown && (m.Reply.Code < 400 || !marked(squeeze(m.Reply.Text))),
		row == nil && m.Verdict == Unsure && len(m.Candidates) == 0, // a code of Entra's about others
		row != nil && row.Note == signs.NotePanel,
		row != nil && row.Loose && !containsAny(strings.ToLower(text), signs.MailWords):
		return m, 0, false
	}
	for i := range text {
		if seg, ok := replyAt(text, i); ok && seg.agrees(m.Reply) && m.Reply.Code+len(m.Reply.Status) > 0 {
			return m, i, true
		}
	}
	return m, 0, true
}

// Masked returns a text without the credentials of a sign-in in it, such as the
// base64 behind AUTH PLAIN.
func Masked(text string) string { return dialogue.MaskPasted(text) }

// maxReply bounds the text of a Reply.
const maxReply = 1000

// reply returns what the server said, without what a log put behind it:
// Microsoft's "[host date id]" is the end. Of a sign-in that was pasted with it
// the credentials are masked.
func (s segment) reply() Reply {
	r := s.Reply
	if end := tagEnd(r.Text); end > 0 {
		r.Text = r.Text[:end]
	} else {
		for _, m := range signs.Ends {
			if i := strings.Index(r.Text, m); i > 0 {
				r.Text = r.Text[:i]
			}
		}
	}
	r.Text = Masked(strings.Join(strings.Fields(r.Text), " "))
	r.Text = strings.ToValidUTF8(r.Text[:min(len(r.Text), maxReply)], "")
	r.Text = strings.TrimRight(r.Text, " '\"\\")
	return r
}

func tagEnd(text string) int {
	if strings.IndexByte(text, '[') < 0 {
		return 0
	}
	for _, tag := range bracketed().FindAllStringIndex(text, -1) {
		if marked(squeeze(text[tag[0]:tag[1]])) {
			return tag[1]
		}
	}
	return 0
}

var bracketed = pattern(`\[[^\[\]]*\]`)

// Phrases returns the words on which verdicts hang, and the names of Microsoft's
// hosts: everybody knows them, so nobody who masks secrets need mask them.
func Phrases() []string {
	words := slices.Concat(signs.SubmissionHosts, signs.Domains, []string{signs.Greeting})
	for _, s := range signs.All {
		words = append(words, strings.TrimSuffix(s.Words, signs.Cut), strings.TrimSuffix(s.And, signs.Cut))
	}
	return words
}
