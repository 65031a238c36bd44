package words

import "slices"

// Text says what a pasted reply, log line, non-delivery report or client error
// means. It understands the shapes in which clients print replies; the inner
// reply wins over the outer one. The verdict is Named, Unsure, Unknown,
// OtherProvider or Healthy, never Confirmed.
func Text(text string) Meaning {
	d, _ := read(text)
	return d
}

// read is Text, and the row of the table that decided, nil when none did.
func read(text string) (Meaning, *row) {
	t := clean(text)
	d, r := readClean(t)
	return denied(d, t), r
}

func readClean(t string) (Meaning, *row) {
	segs := segments(t)
	if d, ok := fromSignInCode(t); ok {
		return d, nil
	}
	found := refusals(t, segs, stageOf(t))
	if f, rivals := decisive(found); f.row != nil {
		d, r := wordsFor(f, t, segs)
		if r == nil {
			d, r = withRivals(conclude(f), rivals), f.row
		}
		if g := greeting(segs); g != nil && !f.ours {
			return behind(g, d, t), g
		}
		return d, r
	}
	if d, r := fromWhole(t, segs); r != nil {
		return d, r
	}
	if len(found) > 0 {
		return unrecognised(found[len(found)-1]), nil
	}
	return fromAcceptances(t, segs)
}

// conclude turns a decided finding into a diagnosis, with an eye on who spoke.
func conclude(f finding) Meaning {
	d := f.row.diagnosis()
	d.Reply = f.seg.reply()
	switch {
	case d.Verdict == OtherProvider && !f.ours && IsSubmission(f.host):
		d.Verdict, d.Cause = Named, "smtp-intercepted"
		d.Notes = append(d.Notes, "The log names "+f.host+" as the server, but these are not its words: something in between answered.")
	case d.Verdict != OtherProvider && d.Verdict != Healthy && !f.row.shared && !f.ours && f.host != "" && !IsMicrosoft(f.host):
		d = Meaning{Verdict: OtherProvider, Reply: d.Reply,
			Notes: []string{"The reply came from " + f.host + ", which is not Microsoft 365."}}
	}
	return d
}

// diagnosis returns the row's answer without a reply.
func (s sign) diagnosis() Meaning {
	d := Meaning{Verdict: s.verdict(), Cause: s.names, Candidates: slices.Clone(s.allows)}
	if s.note != "" {
		d.Notes = []string{s.note}
	}
	return d
}

// withRivals leaves everything open that replies of the same rank name
// otherwise: the text does not say which of them counts today.
func withRivals(d Meaning, rivals []finding) Meaning {
	if d.Verdict != Named {
		return d
	}
	open := []Code{d.Cause}
	for _, f := range slices.Backward(rivals) {
		if o := conclude(f); o.Verdict == Named && !slices.Contains(open, o.Cause) {
			open = append(open, o.Cause)
		}
	}
	if len(open) > 1 {
		d.Verdict, d.Cause, d.Candidates = Unsure, "", open
		d.Notes = append(d.Notes, "The text holds refusals for different reasons; the last comes first here.")
	}
	return d
}

// unrecognised is for a refusal whose words no row knows.
func unrecognised(f finding) Meaning {
	d := Meaning{Verdict: Unknown, Reply: f.seg.reply()}
	if !f.ours && f.host != "" && !IsMicrosoft(f.host) {
		d.Verdict = OtherProvider
		d.Notes = []string{"The reply came from " + f.host + ", which is not Microsoft 365."}
	}
	return d
}

// fromAcceptances is for a text without a refusal.
func fromAcceptances(t string, segs []segment) (Meaning, *row) {
	for _, seg := range slices.Backward(segs) {
		r := match(&view{code: seg.Code, status: seg.Status, squeezed: squeeze(seg.Text)})
		if r != nil && r.verdict() != Unsure {
			d := r.diagnosis()
			d.Reply = seg.reply()
			return behind(r, d, t), r
		}
	}
	d := Meaning{Verdict: Unknown}
	if len(segs) > 0 {
		d.Reply = segs[len(segs)-1].reply()
	}
	return d, nil
}

// greeting returns the row of the server's greeting, where a text holds one.
func greeting(segs []segment) *row {
	for _, seg := range segs {
		if seg.Code != 220 {
			continue
		}
		if r := match(&view{code: 220, status: seg.Status, squeezed: squeeze(seg.Text)}); r != nil {
			return r
		}
	}
	return nil
}

// behind corrects d for a greeting that is not Microsoft's: whatever such a
// server refuses is its own, and where the text names a host of Microsoft 365,
// it answered in that host's name.
func behind(greeting *row, d Meaning, text string) Meaning {
	if greeting.verdict() == Healthy {
		return d
	}
	reply := d.Reply
	d = greeting.diagnosis()
	d.Reply = reply
	if d.Verdict == OtherProvider && mentionsSubmission(text) {
		d.Verdict, d.Cause = Named, "smtp-intercepted"
		d.Notes = append(d.Notes, "The text names a host of Microsoft 365, but the greeting is another server's.")
	}
	return d
}
