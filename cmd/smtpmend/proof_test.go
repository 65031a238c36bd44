package main

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim"
)

// unchanged runs a fix with every approval that has to end with that exit code
// and without a write, and to say each of the words.
func (w *world) unchanged(t *testing.T, exit int, words ...string) {
	t.Helper()
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if code, _ := w.fix(t, journals); code != exit {
		t.Errorf("fix: exit %d, want %d\n%s", code, exit, w.said.String())
	}
	if diff := diffStates(before, w.State()); diff != "" || len(w.Writes()) > 0 {
		t.Errorf("wrote %v, changed:\n%s", w.Writes(), diff)
	}
	w.says(t, words...)
}

// Everybody's protection stays on while anything that may still stand in the
// way could not be read, whichever of the words the server uses.
func TestBlindTenantWide(t *testing.T) {
	for name, fault := range map[string]tenantsim.Fault{
		"org.conditional-access":                       {API: "graph", Path: "/conditionalAccess/policies", Kind: "403"},
		"org.conditional-access whose role is missing": {API: "graph", Path: "/transitiveMemberOf", Kind: "403"},
		"user.auth-policy-smtp":                        {API: "exchange", Cmdlet: "Get-User", Kind: "403"},
		"user.per-user-mfa":                            {API: "graph", Path: "/authentication/requirements", Kind: "403"},
		"org.smtp-auth":                                {API: "exchange", Cmdlet: "Get-TransportConfig", Kind: "403-nul"},
		"user.exchange-licence":                        {API: "graph", Path: "/licenseDetails", Kind: "403"},
	} {
		for _, flavour := range []front.Flavour{front.Newer, front.Older} {
			t.Run(name+", "+string(flavour), func(t *testing.T) {
				state := scenario(t, "security-defaults")
				state.SMTP.Flavour, state.Users[0].SMTPAuth = flavour, "inherit"
				state.Org.SMTPAuth = "on"
				state.Org.ConditionalAccess = []tenantsim.CAPolicy{{
					ID: "10ef4fe6-5e51-4f5c-8a52-000000000009", Name: "Of a group", State: "enabled", ClientApps: []string{"other"},
					Applications: []string{"All"}, IncludeGroups: []string{"10ef4fe6-5e51-4f5c-8a52-000000000010"}, Controls: []string{"block"},
				}}
				w := newWorld(t, state)
				if err := w.SetFaults(fault); err != nil {
					t.Fatal(err)
				}
				unread, _, _ := strings.Cut(name, " ")
				w.unchanged(t, exitCause, "could not be read", unread)
			})
		}
	}
}

// While the API that could tell is down, or throttled, it is not the tenant's
// fault: exit 5.
func TestBlindForTheMoment(t *testing.T) {
	for _, kind := range []string{"503", "429-retry-after"} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t, scenario(t, "security-defaults"))
			f := tenantsim.Fault{API: "graph", Path: "/conditionalAccess/policies", Kind: kind}
			f.Delay.Duration = 86400e9
			if err := w.SetFaults(f); err != nil {
				t.Fatal(err)
			}
			w.unchanged(t, exitTrouble, "org.conditional-access")
		})
	}
}

// No administrator's second factor is taken off; opening the mailbox of one is
// allowed, and said.
func TestAdministratorKeepsMFA(t *testing.T) {
	w := newWorld(t, scenario(t, "admin-mfa"))
	w.unchanged(t, exitCause, "Exchange Administrator", "its second factor stays")

	state := scenario(t, "smtp-auth-off-mailbox")
	state.Users[0].AdminRoles = []string{"Exchange Administrator"}
	w = newWorld(t, state)
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if code, _ := w.fix(t, journals); code != exitOK {
		t.Fatalf("fix: exit %d\n%s", code, w.said.String())
	}
	w.says(t, "The account is an administrator's (Exchange Administrator)")
	w.undoes(t, journals, before)
}

// Where the roles cannot be read, a mere yes does not take off a second
// factor: the cause has to be named.
func TestUnknownRolesNeedTheName(t *testing.T) {
	state := scenario(t, "admin-mfa")
	state.Apps[0].Permissions = without(state.Apps[0].Permissions, "RoleManagement.Read.Directory")
	w := newWorld(t, state)
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	w.unchanged(t, exitCause, "Whether the account is an administrator's could not be read", "RoleManagement.Read.Directory", "--yes=per-user-mfa")
	if code, _ := w.fix(t, journals, "--yes=per-user-mfa"); code != exitOK {
		t.Errorf("named: exit %d\n%s", code, w.said.String())
	}
	w.undoes(t, journals, before)
}

// A user is not weakened behind a blocker that only a person can remove: what
// has to be done first is named.
func TestMFABehindKnownPolicy(t *testing.T) {
	for name, set := range map[string]tenantsim.Setting{
		"conditional-access":        {Fact: fact.OrgConditionalAccess, Value: "Block legacy authentication"},
		"auth-policy-blocks-basic":  {Fact: fact.UserAuthPolicySMTP, Value: "block"},
		"account-disabled-or-alike": {Fact: fact.UserAccount, Value: "disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			state := scenario(t, "per-user-mfa")
			state.SMTP.Flavour = front.Older
			if err := state.Set(tenantsim.Mailbox, set.Fact, set.Value); err != nil {
				t.Fatal(err)
			}
			cause, _, _ := strings.Cut(name, "-or-")
			newWorld(t, state).unchanged(t, exitCause, cause)
		})
	}
}

// The plan tells, before anything is approved, what else stands in the way and
// what could not be read.
func TestPlanTellsBlockers(t *testing.T) {
	state := scenario(t, "smtp-auth-off-mailbox")
	state.Org.SecurityDefaults = "on"
	for _, f := range []tenantsim.Setting{{Fact: fact.OrgConditionalAccess, Value: "Block legacy authentication"}, {Fact: fact.UserPerUserMFA, Value: "enforced"}} {
		if err := state.Set(tenantsim.Mailbox, f.Fact, f.Value); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t, state)
	if err := w.SetFaults(tenantsim.Fault{API: "exchange", Cmdlet: "Get-User", Kind: "403"}); err != nil {
		t.Fatal(err)
	}
	w.run(t.Context(), w.fixing(filepath.Join(w.dir, "journals"))...)
	w.says(t, "[conditional-access] Only a person can remove that", "[per-user-mfa]", "[security-defaults]",
		"Not known, and perhaps in the way as well: Authentication policy for SMTP passwords",
		"Journal will be "+filepath.Join(w.dir, "journals"), "Contoso, contoso.com")
}

// On the word of a server that is none of the cloud's a plan is shown, says
// why it is not carried out, and leads back to the cloud's own server.
func TestLyingServer(t *testing.T) {
	liar := newWorld(t, scenario(t, "security-defaults"))
	w := newWorld(t, scenario(t, "security-defaults"))
	_, port, err := net.SplitHostPort(liar.Cloud().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	w.trustsRootOf(t, liar)
	before := w.State()
	code, answer := w.fix(t, filepath.Join(w.dir, "journals"), "--server", "localhost:"+port)
	if code != exitCause || len(w.Writes()) > 0 || len(liar.Writes()) > 0 {
		t.Errorf("fix: exit %d, wrote %v", code, w.Writes())
	}
	if len(liar.Attempts()) == 0 {
		t.Error("the liar was not heard")
	}
	w.says(t, "localhost:"+port+" is none of the cloud's submission hosts", "Plan: Switch security defaults off")
	if strings.Contains(answer, "--server localhost") || !strings.Contains(answer, "smtpmend fix "+tenantsim.Mailbox+" ") {
		t.Errorf("the way on:\n%s", answer)
	}
	for _, form := range [][]string{{"--powershell"}, {"--for-admin"}, {"-o", "json"}} {
		var out bytes.Buffer
		w.runTo(t.Context(), &out, w.fixing(filepath.Join(w.dir, "journals"), append(form, "--server", "localhost:"+port)...)...)
		if strings.Contains(out.String(), "IsEnabled:") || !strings.Contains(out.String(), "none of the cloud's submission hosts") {
			t.Errorf("%v prints the change:\n%s", form, out.String())
		}
	}
	if diff := diffStates(before, w.State()); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}

// What a dry run prints approves what it showed and no more: the second plan
// has to be shown first.
func TestDryRunPrintsJustItself(t *testing.T) {
	w := newWorld(t, scenario(t, "printer"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	w.run(t.Context(), w.fixing(journals)...)
	command := lineWith(t, w.said.String(), "--yes=")
	if strings.Contains(command, "tenant-wide") || !strings.HasSuffix(command, "--yes=smtp-auth-off-mailbox") {
		t.Errorf("printed: %s", command)
	}
	if code := w.run(t.Context(), argsOf(command)...); code != exitCause {
		t.Errorf("pasted: exit %d", code)
	}
	if writes := w.Writes(); len(writes) != 1 || writes[0].Cmdlet != "Set-CASMailbox" {
		t.Errorf("pasted, it wrote %v", writes)
	}
	w.undoes(t, journals, before)
}

// lineWith returns the line of text that holds part.
func lineWith(t *testing.T, text, part string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return strings.TrimSpace(line)
		}
	}
	t.Fatalf("no line holds %q:\n%s", part, text)
	return ""
}

// argsOf are the arguments of a printed command; the tests' paths hold no
// blanks.
func argsOf(command string) []string { return strings.Fields(command)[1:] }

func without(list []string, word string) []string {
	var rest []string
	for _, w := range list {
		if w != word {
			rest = append(rest, w)
		}
	}
	return rest
}
