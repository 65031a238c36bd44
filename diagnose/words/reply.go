package words

import (
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/dialogue"
)

// FromReply says what a reply means that a probe recorded in reply to a
// command of stage. ours is true where the words carry a mark of Microsoft.
func FromReply(r *dialogue.Reply, stage Stage) (m Meaning, ours bool) {
	reading := newReading(wireText(r))
	reading.stage = spanOf(stage)
	for _, s := range policy {
		s.do(reading)
	}
	if reading.pick.row == nil {
		return Meaning{Verdict: Unknown, Reply: Said(r)}, false
	}
	return reading.m, reading.pick.ours
}

// Said returns what a recorded reply says, on one line.
func Said(r *dialogue.Reply) Reply {
	text := wireText(r)
	if segs, _ := segments(text); len(segs) > 0 {
		return segs[len(segs)-1].reply()
	}
	return Reply{Code: r.Code, Status: r.Status, Text: limit(text, maxReply)}
}

func wireText(r *dialogue.Reply) string { return clean(strings.Join(r.Lines, "\n")) }

// spanOf returns what the table of signs calls a stage of the dialogue.
func spanOf(stage Stage) Stage {
	switch stage {
	case catalogue.StageMail, catalogue.StageRcpt, dialogue.StageData:
		return catalogue.StageSubmit
	}
	return stage
}
