package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/view/report"
	"smtpmend/probe"
)

// A Reporter can be kept as a document.
type Reporter interface{ document() report.Document }

// A Kept is an answer that can be kept.
type Kept interface {
	Answer
	Reporter
}

// Document is what is to be kept, made at a time by a version of
// smtpmend.
func Document(a Reporter, made time.Time, version string) report.Document {
	d := a.document()
	d.About = append(d.About, report.Pair{Name: "Report made", Value: utc(made)}, report.Pair{Name: "By", Value: "smtpmend " + version})
	return d
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// sentence is what draw writes, on one line.
func sentence(draw func(p *page)) string {
	p := newPage(false)
	draw(p)
	return strings.Join(strings.Fields(p.String()), " ")
}

func (v *verdict) document() report.Document {
	d := report.Document{
		Title: "Mail submission of " + v.Mailbox, About: []report.Pair{{Name: "Mailbox", Value: v.Mailbox}},
		Verdict: sentence(v.headline), Mood: mood(v.Diagnosis),
		Text:     v.paragraphs(),
		Evidence: readings(v.Diagnosis.Evidence), Next: v.next.Say, Do: v.next.Commands,
	}
	if v.Diagnosis.Verdict != diagnose.Healthy {
		d.Said = saidLines(v.Diagnosis.Reply)
	}
	if rep := v.Report; rep != nil {
		d.About = append(d.About, report.Pair{Name: "Server", Value: rep.Server}, report.Pair{Name: "Tried", Value: utc(rep.Started)})
		d.Dialogues = []report.Dialogue{dialogueOf("The attempt", rep.Stages, rep)}
		d.TLS = certificateOf(rep.TLS)
	} else if !v.Tried.IsZero() {
		d.About = append(d.About, report.Pair{Name: "Refused", Value: utc(v.Tried)})
	}
	if table := v.choices(); len(table.Rows) > 0 {
		d.Tables = append(d.Tables, table)
	}
	if cause, known := catalogue.Lookup(v.Diagnosis.Cause); known && (v.takesSteps() || v.s.Who == "who-tool" && v.s.Outcome != "healthy") {
		d.Heading, d.Steps, d.Commands = strings.TrimSuffix(whoDoes[cause.Who], ":"), cause.Portal, blockFor(cause.Code, v.Diagnosis, v.Place)
	}
	d.Ticket, d.Customer = v.ticket(), v.customer()
	return d
}

func mood(d diagnose.Diagnosis) report.Mood {
	switch d.Verdict {
	case diagnose.Healthy:
		return report.Good
	case diagnose.Named, diagnose.Confirmed:
		return report.Bad
	}
	return report.Open
}

// paragraphs say the cause and what bears it out, and what else was noticed.
func (v *verdict) paragraphs() []string {
	var all []string
	switch d := v.Diagnosis; {
	case v.s.Password == "no-password":
		return []string{"This is what a device gets that does not sign in."}
	case d.Cause != "":
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s [%s] %s", title(d.Cause), d.Cause, bearing(d))))
	case d.Verdict == diagnose.Unsure && len(d.Candidates) > 0:
		all = append(all, "The words allow several causes.")
	case d.Verdict == diagnose.Unknown:
		all = append(all, "smtpmend does not know these words, so it names no cause.")
	}
	all = append(all, v.Diagnosis.Notes...)
	if v.Name != "" {
		all = append(all, sentence(func(p *page) { nameText(p, v.Name, v.Mailbox) }))
	}
	if also := v.Diagnosis.Also; len(also) > 0 {
		all = append(all, "Also in the way: "+strings.Join(Codes(also), ", ")+".")
	}
	return all
}

// choices are the causes that the words leave open.
func (v *verdict) choices() report.Table {
	t := report.Table{Title: "Possible causes, the likeliest first", Head: []string{"Cause", "The check that tells it", "Code"}}
	for _, code := range v.Diagnosis.Candidates {
		cause, _ := catalogue.Lookup(code)
		t.Rows = append(t.Rows, []string{cause.Title, cause.Check, string(code)})
	}
	return t
}

func saidLines(r diagnose.Reply) []string {
	words := replyWords(r)
	if words == "" {
		return nil
	}
	return strings.Split(words, "\n")
}

// dialogueOf is an attempt as a timeline; rep says where it ended, nil nowhere.
func dialogueOf(title string, stages []probe.Stage, rep *probe.Report) report.Dialogue {
	d := report.Dialogue{Title: title}
	secure := false
	for _, s := range stages {
		secure = secure || s.Name == probe.StageTLS && s.Error == ""
		stage := report.Stage{Name: string(s.Name), Took: time.Duration(s.MS) * time.Millisecond, Note: s.Error}
		stage.Failed = rep != nil && rep.Outcome != probe.Accepted && rep.Stage == s.Name
		for _, ex := range s.Exchanges {
			p := newPage(false)
			exchangeText(p, ex, secure)
			stage.Lines = append(stage.Lines, strings.Split(strings.TrimRight(p.String(), "\n"), "\n")...)
		}
		stage.Lines = slices.DeleteFunc(stage.Lines, func(l string) bool { return l == "" })
		d.Stages = append(d.Stages, stage)
	}
	return d
}

func certificateOf(t *probe.TLS) []report.Pair {
	if t == nil {
		return nil
	}
	pairs := []report.Pair{{Name: "Version", Value: t.Version}, {Name: "Cipher suite", Value: t.Cipher}, {Name: "Verified", Value: verifiedWords(t)}}
	if len(t.Chain) > 0 {
		leaf := t.Chain[0]
		pairs = append(pairs, report.Pair{Name: "Certificate of", Value: leaf.Subject}, report.Pair{Name: "For", Value: strings.Join(leaf.Names, ", ")},
			report.Pair{Name: "Issued by", Value: leaf.Issuer}, report.Pair{Name: "Valid", Value: utc(leaf.NotBefore) + " to " + utc(leaf.NotAfter)},
			report.Pair{Name: "SHA-256", Value: leaf.SHA256})
	}
	return slices.DeleteFunc(pairs, func(p report.Pair) bool { return p.Value == "" })
}

func verifiedWords(t *probe.TLS) string {
	if t.Verified {
		return "yes, for " + t.ServerName
	}
	return "no: " + t.Error
}

// readings are the evidence as a table; what could not be read says why.
func readings(ev fact.Evidence) []report.Reading {
	var all []report.Reading
	for _, r := range ev {
		row, _ := fact.Lookup(r.Fact)
		reading := report.Reading{Setting: row.Title, Value: row.Words(r.Value), Why: r.Detail}
		if !r.Known() {
			reading.Value, reading.Why = "could not be read", r.Error
		}
		all = append(all, reading)
	}
	return all
}
