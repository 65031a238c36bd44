package words

import "slices"

// wordsFor names the cause of a reply that a client prints with its status
// behind the words: "Client not authenticated to send mail,530,5.7.57".
func wordsFor(f finding, t string, segs []segment) (Meaning, *row) {
	if f.row.words != "" || len(f.row.allows) == 0 {
		return Meaning{}, nil
	}
	d, r := fromWhole(t, segs)
	if d.Verdict != Named || !slices.Contains(f.row.allows, d.Cause) {
		return Meaning{}, nil
	}
	return d, r
}

// fromWhole holds the table against the text as a whole: for clients that
// leave the codes out, and for their own words.
func fromWhole(t string, segs []segment) (Meaning, *row) {
	s, at := squeezed(t)
	ours := marked(s)
	r := match(&view{stage: stageOf(t), squeezed: s, ours: ours, client: true})
	if r == nil {
		return Meaning{}, nil
	}
	var seg segment
	if len(segs) == 1 && segs[0].refusal() {
		seg.Code, seg.Status = segs[0].Code, segs[0].Status
	}
	seg.Text, seg.start = around(t, s, at, r.want)
	f := finding{seg: seg, row: r, ours: ours, host: speaker(t, len(t))}
	if r.client && acceptedBehind(segs, seg.start) {
		return Meaning{}, nil
	}
	if r.client && f.host == "" && !ours {
		f.host = asked(t)
	}
	if f.host == ownMachine {
		return ownServer(r), r
	}
	return conclude(f), r
}

// acceptedBehind reports whether the last reply of a text is an acceptance and
// stands behind at: a client that could not connect tried another address.
func acceptedBehind(segs []segment, at int) bool {
	if len(segs) == 0 {
		return false
	}
	last := segs[len(segs)-1]
	if last.start < at || last.Code != 250 && last.Code != 235 {
		return false
	}
	r := match(&view{code: last.Code, status: last.Status, squeezed: squeeze(last.Text)})
	return r != nil && r.is == Healthy
}

// ownServer is for a client that asked its own machine.
func ownServer(r *row) Meaning {
	d := r.diagnosis()
	d.Verdict, d.Cause, d.Candidates = Unsure, "", []Code{"wrong-endpoint"}
	for _, c := range r.possible() {
		if c != "wrong-endpoint" {
			d.Candidates = append(d.Candidates, c)
		}
	}
	d.Notes = append(d.Notes, "The client asked its own machine, not Microsoft 365.")
	return d
}
