package words

import (
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/dialogue"
)

// FromReply says what a reply means that a probe recorded in reply to a
// command of stage, with the mechanism of the sign-in before it. ours is true
// where the words carry a mark of Microsoft. The reply is taken as it is: only
// a reply nested in its words is looked for in them.
func FromReply(r *dialogue.Reply, stage Stage, mechanism string) (m Meaning, ours bool) {
	words := make([]string, len(r.Lines))
	for i, line := range r.Lines {
		words[i] = strings.TrimPrefix(strings.TrimPrefix(dialogue.AfterCode(line), r.Status), " ")
	}
	text := clean(strings.Join(words, "\n"))
	outer := segment{Reply: Reply{Code: r.Code, Status: r.Status}, end: len(text)}
	reading := mark(text, &outer)
	reading.stage = spanOf(stage)
	reading.ctx = context{}
	reading.weigh()
	m = reading.m.ForMechanism(mechanism)
	if reading.pick.row == nil {
		m = Meaning{Verdict: Unknown, Reply: outer.reply()}
	}
	return m, reading.pick.ours
}

// Said returns what a recorded reply says, on one line.
func Said(r *dialogue.Reply) Reply {
	m, _ := FromReply(r, "", "")
	return m.Reply
}

// spanOf returns what the table of signs calls a stage of the dialogue.
func spanOf(stage Stage) Stage {
	switch stage {
	case catalogue.StageMail, catalogue.StageRcpt, dialogue.StageData:
		return catalogue.StageSubmit
	}
	return stage
}
