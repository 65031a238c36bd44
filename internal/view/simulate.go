package view

import (
	"encoding/json"
	"strings"

	"smtpmend/internal/fact"
	"smtpmend/internal/view/safe"
)

// A Simulated is the answer of simulate.
type Simulated struct {
	EndpointFile string
	SMTP         string // HOST:PORT of the submission
	Mailbox      string // "" for a tenant without one
	State        fact.Evidence
	Shells       []Shell // at least one
}

// A Shell has a file of its own with what signs in to a simulated tenant.
type Shell struct {
	Name string // "" where there is one only
	File string
	Line string // has the shell read it, "" where that cannot be written
}

func (s Simulated) envelope() Envelope {
	var files []string
	for _, sh := range s.Shells {
		files = append(files, sh.File)
	}
	return Envelope{Next: s.Shells[0].Line, Body: struct {
		EndpointFile string        `json:"endpoint_file"`
		EnvFile      string        `json:"env_file"`
		EnvFiles     []string      `json:"env_files"` // one a shell
		SMTP         string        `json:"smtp"`
		Mailbox      string        `json:"mailbox"`
		State        fact.Evidence `json:"state"`
	}{s.EndpointFile, files[0], files, s.SMTP, s.Mailbox, s.State}}
}

func (s Simulated) text(p *page, _ int) {
	p.line("%s", p.paint(bold, p.t("A simulated tenant is running on loopback; Ctrl-C ends it.")))
	p.blank()
	p.line("%-14s %s", p.t("Endpoint file"), s.EndpointFile)
	p.line("%-14s %s", p.t("Submission"), s.SMTP)
	p.line("%-14s %s", p.t("Mailbox"), s.Mailbox)
	p.heading("State")
	for _, r := range s.State {
		row, _ := fact.Lookup(r.Fact)
		p.line("  %-24s %-10s %s", r.Fact, r.Value, p.valueWords(row, r.Value))
	}
	p.heading("In another terminal")
	for _, sh := range s.Shells {
		switch {
		case sh.Line == "":
			p.prose("  ", "Have the shell read %s", sh.File)
		case sh.Name != "":
			p.line("  %s:", sh.Name)
		}
		if sh.Line != "" {
			p.commands(sh.Line)
		}
	}
	// Without the file it could reach the real cloud.
	fix, ok := safe.Command("smtpmend", "fix", s.Mailbox, "--cloud-file", s.EndpointFile)
	switch {
	case ok && safe.IsAddress(s.Mailbox):
		if len(s.Shells) > 1 {
			p.line("  and then:")
		}
		p.commands(fix)
	case s.Mailbox != "":
		p.prose("  ", "and then smtpmend fix MAILBOX --cloud-file FILE with the mailbox and the endpoint file above.")
	}
}

// A Scenario is the answer of demo --list for one scenario.
type Scenario struct {
	Name    string `json:"scenario"`
	Summary string `json:"summary"`
}

func (s Scenario) envelope() Envelope { return Envelope{Bare: true, Body: s} }

func (s Scenario) text(p *page, _ int) { p.line("%-22s %s", s.Name, p.t(s.Summary)) }

// A State is the answer of simulate --print-state: a state file.
type State struct {
	State any `json:"state"`
}

func (s State) envelope() Envelope { return Envelope{Body: s} }

func (s State) text(p *page, _ int) {
	text, err := json.MarshalIndent(s.State, "", "  ")
	if err != nil {
		p.prose("", err.Error())
	}
	for line := range strings.Lines(string(text)) {
		p.line("%s", strings.TrimSuffix(line, "\n"))
	}
}
