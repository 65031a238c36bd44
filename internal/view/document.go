package view

import (
	"cmp"
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
//
// The page is for its language: nothing is printed on it.
type Reporter interface{ document(p *page) report.Document }

// A Kept is an answer that can be kept.
type Kept interface {
	Answer
	Reporter
}

// Document is what is to be kept, made at a time by a version of
// smtpmend.
func Document(a Reporter, made time.Time, version string, l Language) report.Document {
	p := &page{lang: l}
	d := a.document(p)
	d.Language, d.Say = string(cmp.Or(l, English)), func(text string) string { return l.Say(text) }
	d.About = append(d.About, report.Pair{Name: p.t("Report made"), Value: utc(made)}, report.Pair{Name: p.t("By"), Value: "smtpmend " + version})
	return d
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// sentence is what draw writes, on one line.
func (p *page) sentence(draw func(p *page)) string {
	trial := &page{lang: p.lang}
	draw(trial)
	return strings.Join(strings.Fields(trial.String()), " ")
}

func (v *verdict) document(p *page) report.Document {
	d := report.Document{
		Title: p.t("Mail submission of %s", v.Mailbox), About: []report.Pair{{Name: p.t("Mailbox"), Value: v.Mailbox}},
		Verdict: p.sentence(v.headline), Mood: mood(v.Diagnosis),
		Text:     v.paragraphs(p),
		Evidence: p.readings(v.Diagnosis.Evidence), Next: v.next.say(p), Do: v.next.Commands,
	}
	if v.Diagnosis.Verdict != diagnose.Healthy {
		d.Said = saidLines(v.Diagnosis.Reply)
	}
	if rep := v.Report; rep != nil {
		d.About = append(d.About, report.Pair{Name: p.t("Server"), Value: rep.Server}, report.Pair{Name: p.t("Tried"), Value: utc(rep.Started)})
		d.Dialogues = []report.Dialogue{p.dialogueOf("The attempt", rep.Stages, rep)}
		d.TLS = p.certificateOf(rep.TLS)
	} else if !v.Tried.IsZero() {
		d.About = append(d.About, report.Pair{Name: p.t("Refused"), Value: utc(v.Tried)})
	}
	if table := v.choices(p); len(table.Rows) > 0 {
		d.Choices = []report.Table{table}
	}
	if cause, known := catalogue.Lookup(v.Diagnosis.Cause); known && (v.takesSteps() || v.s.Who == "who-tool" && v.s.Outcome != "healthy") {
		d.Heading, d.Steps, d.Commands = strings.TrimSuffix(p.t(whoDoes[cause.Who]), ":"), p.all(cause.Portal), blockFor(cause.Code, v.Diagnosis, v.Place)
	}
	d.Ticket, d.Customer = v.ticket(p), v.customer(p)
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
func (v *verdict) paragraphs(p *page) []string {
	var all []string
	switch d := v.Diagnosis; {
	case v.s.Password == "no-password":
		return []string{p.t("This is what a device gets that does not sign in.")}
	case d.Cause != "":
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s [%s] %s", p.t(title(d.Cause)), d.Cause, p.bearing(d))))
	case d.Verdict == diagnose.Unsure && len(d.Candidates) > 0:
		all = append(all, p.t("The words allow several causes."))
	case d.Verdict == diagnose.Unknown:
		all = append(all, p.t("smtpmend does not know these words, so it names no cause."))
	}
	all = append(all, p.all(v.Diagnosis.Notes)...)
	if v.Name != "" {
		all = append(all, p.sentence(func(p *page) { nameText(p, v.Name, v.Mailbox) }))
	}
	if also := v.Diagnosis.Also; len(also) > 0 {
		all = append(all, p.t("Also in the way: %s.", strings.Join(Codes(also), ", ")))
	}
	return all
}

// all are texts in the page's language.
func (p *page) all(texts []string) []string {
	own := make([]string, len(texts))
	for i, text := range texts {
		own[i] = p.t(text)
	}
	return own
}

// choices are the causes that the words leave open.
func (v *verdict) choices(p *page) report.Table {
	t := report.Table{Title: p.t("Possible causes, the likeliest first"), Head: []string{p.t("Cause"), p.t("The check that tells it")}}
	for _, code := range v.Diagnosis.Candidates {
		cause, _ := catalogue.Lookup(code)
		t.Rows = append(t.Rows, []string{p.t(cause.Title) + " [" + string(code) + "]", p.t(cause.Check)})
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
func (p *page) dialogueOf(title string, stages []probe.Stage, rep *probe.Report) report.Dialogue {
	d := report.Dialogue{Title: p.t(title)}
	secure := false
	for _, s := range stages {
		secure = secure || s.Name == probe.StageTLS && s.Error == ""
		stage := report.Stage{Name: string(s.Name), Took: time.Duration(s.MS) * time.Millisecond, Note: p.t(s.Error)}
		stage.Failed = rep != nil && rep.Outcome != probe.Accepted && rep.Stage == s.Name
		for _, ex := range s.Exchanges {
			lines := newPage(false)
			exchangeText(lines, ex, secure)
			stage.Lines = append(stage.Lines, strings.Split(strings.TrimRight(lines.String(), "\n"), "\n")...)
		}
		stage.Lines = slices.DeleteFunc(stage.Lines, func(l string) bool { return l == "" })
		d.Stages = append(d.Stages, stage)
	}
	return d
}

func (p *page) certificateOf(t *probe.TLS) []report.Pair {
	if t == nil {
		return nil
	}
	pairs := []report.Pair{{Name: p.t("Version"), Value: t.Version}, {Name: p.t("Cipher suite"), Value: t.Cipher}, {Name: p.t("Verified"), Value: p.verifiedWords(t)}}
	if len(t.Chain) > 0 {
		leaf := t.Chain[0]
		pairs = append(pairs, report.Pair{Name: p.t("Certificate of"), Value: leaf.Subject}, report.Pair{Name: p.t("For"), Value: strings.Join(leaf.Names, ", ")},
			report.Pair{Name: p.t("Issued by"), Value: leaf.Issuer}, report.Pair{Name: p.t("Valid"), Value: p.t("%s to %s", utc(leaf.NotBefore), utc(leaf.NotAfter))},
			report.Pair{Name: "SHA-256", Value: leaf.SHA256})
	}
	return slices.DeleteFunc(pairs, func(pair report.Pair) bool { return pair.Value == "" })
}

func (p *page) verifiedWords(t *probe.TLS) string {
	if t.Verified {
		return p.t("yes, for %s", t.ServerName)
	}
	return p.t("no: %s", p.t(t.Error))
}

// readings are the evidence as a table; what could not be read says why.
func (p *page) readings(ev fact.Evidence) []report.Reading {
	var all []report.Reading
	for _, r := range ev {
		row, _ := fact.Lookup(r.Fact)
		reading := report.Reading{Setting: p.t(row.Title), Value: p.valueWords(row, r.Value), Why: p.t(r.Detail)}
		if !r.Known() {
			reading.Value, reading.Why = p.t("could not be read"), p.t(r.Error)
		}
		all = append(all, reading)
	}
	return all
}
