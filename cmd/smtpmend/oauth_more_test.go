package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/browsertest"
	"smtpmend/internal/fact"
	"smtpmend/internal/oauth"
	"smtpmend/internal/tenantsim"
)

// An answer is what the tests read of diagnose --oauth in JSON.
type oauthAnswer struct {
	Verdict  diagnose.Verdict
	Cause    catalogue.Code
	Also     []catalogue.Code
	Evidence fact.Evidence
	Missing  []struct {
		Cause   catalogue.Code
		Command []string
	}
	Unseen []fact.Name
	Token  *struct{ Application, User, Kind string }
	Next   string
	Reply  diagnose.Reply
}

// Without a permission to read, the answer is as before for what it can see, and
// says of the rest that it could not.
func TestOAuthWithoutPermissions(t *testing.T) {
	graph := []fact.Name{fact.AppRegistered, fact.AppState, fact.AppCredential}
	for _, tc := range []struct {
		name   string
		lacks  []string
		roles  []string
		unseen []fact.Name // where no token is issued
		says   string
	}{
		{"nothing", nil, nil, nil, ""},
		{"Application.Read.All", []string{"Application.Read.All"}, nil,
			slices.Concat(graph, []fact.Name{fact.AppExchangePrincipal, fact.AppSendAsApp}), "Application.Read.All"},
		{"Policy.Read.All", []string{"Policy.Read.All"}, nil, []fact.Name{fact.AppConditionalAccess}, "Policy.Read.All"},
		{"Exchange", []string{"Exchange.ManageAsApp"}, nil,
			[]fact.Name{fact.MailboxKind, fact.MailboxSMTPAuth, fact.OrgSMTPAuth, fact.AppExchangePrincipal, fact.AppFullAccess}, "Exchange.ManageAsApp"},
		{"the role for configuration", nil, []string{"View-Only Recipients"}, []fact.Name{fact.OrgSMTPAuth, fact.AppExchangePrincipal, fact.AppFullAccess}, "View-Only Configuration"},
		{"the role for recipients", nil, []string{"View-Only Configuration"}, []fact.Name{fact.MailboxKind, fact.MailboxSMTPAuth, fact.AppFullAccess}, "View-Only Recipients"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			state := tenantsim.Default()
			app := &state.Apps[0]
			app.Permissions = slices.DeleteFunc(app.Permissions, func(p string) bool { return slices.Contains(tc.lacks, p) })
			if tc.roles != nil {
				app.Roles = tc.roles
			}
			state.Users[0].SMTPAuth = "inherit" // so that both switches count
			state.Org.SMTPAuth = "on"
			w := newWorld(t, state)
			var whole, refused oauthAnswer
			if code := w.object(t, &whole, "diagnose", w.typed, "--oauth", "client-secret"); code != exitOK || whole.Verdict != diagnose.Healthy || len(whole.Also) > 0 {
				t.Errorf("exit %d, %+v", code, whole)
			}
			w.env[oauth.EnvSecret] = "wrong"
			code := w.object(t, &refused, "diagnose", w.typed, "--oauth", "client-secret")
			if code != exitCause || refused.Cause != catalogue.OAuthClientSecret || refused.Verdict != diagnose.Named {
				t.Errorf("a wrong secret: exit %d, %s %s", code, refused.Verdict, refused.Cause)
			}
			if unseen := slices.Sorted(slices.Values(refused.Unseen)); !slices.Equal(unseen, slices.Sorted(slices.Values(tc.unseen))) {
				t.Errorf("unseen %v, want %v", unseen, tc.unseen)
			}
			for _, name := range whole.Unseen {
				if !slices.Contains(tc.unseen, name) {
					t.Errorf("unseen with a token: %s", name)
				}
			}
			w.said.Reset()
			w.run(t.Context(), w.cloud("diagnose", w.typed, "--oauth", "client-secret")...)
			if got := strings.Join(strings.Fields(w.said.String()), " "); tc.says != "" && (!strings.Contains(got, "Could not be seen") || !strings.Contains(got, tc.says)) {
				t.Errorf("it does not say %q:\n%s", tc.says, w.said.String())
			}
		})
	}
}

// Entra's refusal of the way of asking leads to another way, and to no change.
func TestOAuthDeviceCodeBlocked(t *testing.T) {
	for _, defaults := range []string{"on", "off", "a policy"} {
		state, cause, exit := tenantsim.Default(), catalogue.ConditionalAccess, exitCause
		switch state.Org.DeviceFlow = "blocked"; defaults {
		case "on":
			state.Org.SecurityDefaults, cause = "on", catalogue.Code("")
			exit = exitUnsettled
		case "a policy":
			p := blocking()
			p.Flows, state.Org.DeviceFlow = []string{"deviceCodeFlow"}, ""
			state.Org.ConditionalAccess = []tenantsim.CAPolicy{p}
		}
		w := newWorld(t, state)
		var d oauthAnswer
		code := w.object(t, &d, "diagnose", w.typed, "--oauth", "device-code")
		if code != exit || d.Cause != cause || d.Token != nil || !strings.HasSuffix(d.Next, "--oauth browser") {
			t.Errorf("exit %d, %s %s, %q, next %s", code, d.Verdict, d.Cause, d.Reply.Text, d.Next)
		}
		w.said.Reset()
		report := filepath.Join(t.TempDir(), "report.md")
		w.run(t.Context(), w.cloud("diagnose", w.typed, "--oauth", "device-code", "--report", report)...)
		kept, err := os.ReadFile(report)
		if err != nil || !strings.Contains(string(kept), "nothing has to be weakened for it") {
			t.Errorf("%s: the report: %v\n%s", defaults, err, kept)
		}
		said := w.said.String() + string(kept)
		if strings.Contains(said, "smtpmend fix") || strings.Contains(said, "PowerShell") || strings.Contains(said, "Mg") || defaults == "a policy" && !strings.Contains(said, "No outsiders") {
			t.Errorf("%s: it leads to a change, or names no policy:\n%s", defaults, said)
		}
	}
}

// A person signs in with the browser, as the mailbox or as a delegate of it.
func TestOAuthByBrowser(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*tenantsim.State)
		want   catalogue.Code
		user   string
		send   bool
	}{
		{"the mailbox", func(*tenantsim.State) {}, "", tenantsim.Mailbox, true},
		{"a delegate", func(s *tenantsim.State) {
			s.MailSignIn, s.Users[1].SendAs = "ann@contoso.com", []string{tenantsim.Mailbox}
			s.Users[0].Kind, s.Users[0].Account = "shared", "disabled"
		}, "", "ann@contoso.com", true},
		{"somebody else", func(s *tenantsim.State) { s.MailSignIn = "ann@contoso.com" }, catalogue.OAuthTokenWrongUser, "ann@contoso.com", false},
		{"somebody else, sent", func(s *tenantsim.State) { s.MailSignIn = "ann@contoso.com" }, catalogue.SendAsDenied, "ann@contoso.com", true},
		{"no public flows", func(s *tenantsim.State) { s.Apps[1].PublicFlows = "off" }, catalogue.OAuthClientSecret, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			state := tenantsim.Default()
			tc.change(state)
			w := newWorld(t, state)
			browsertest.Install(t, w.dir+"/"+tenantsim.CAFile)
			w.env["DISPLAY"] = ":0"
			args := []string{"diagnose", w.typed, "--oauth", "browser"}
			if tc.send {
				args = append(args, "--send")
			}
			var d oauthAnswer
			code := w.object(t, &d, args...)
			if tc.want == "" && (code != exitOK || d.Verdict != diagnose.Healthy || len(d.Also) > 0) || d.Cause != tc.want {
				t.Errorf("exit %d, %s %s, also %v\n%s", code, d.Verdict, d.Cause, d.Also, w.said.String())
			}
			if tc.user != "" && (d.Token == nil || d.Token.User != tc.user || d.Token.Kind != "user") {
				t.Errorf("token %+v", d.Token)
			}
			if sent := len(w.Inbox()) > 0; sent != (tc.send && tc.want == "") {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

// Nothing secret is printed, whatever becomes of the token.
func TestOAuthKeepsSecrets(t *testing.T) {
	for _, status := range []string{"", "disabled"} {
		state := tenantsim.Default()
		state.Apps[1].Status = status
		w := newWorld(t, state)
		for _, verb := range []string{"probe", "diagnose", "verify"} {
			for _, form := range []string{"-v", "-o=json"} {
				args := append(w.cloud(verb, w.typed, "--oauth", "client-secret"), form)
				if verb == "verify" {
					args = append(args, "--wait", "1ms", "--poll", "1ms")
				}
				w.run(t.Context(), args...)
			}
		}
		if said := w.said.String(); strings.Contains(said, state.Apps[1].Secret) || strings.Contains(said, "eyJ") || strings.Contains(said, "dXNlcj") {
			t.Errorf("a secret is printed:\n%s", said)
		}
		if attempts := len(w.Attempts()); (attempts == 6) != (status == "") {
			t.Errorf("%q: %d sign-ins", status, attempts)
		}
	}
}

// What is wrong on the command line or in the environment is told before
// anything is asked.
func TestOAuthUsage(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	for _, tc := range []struct {
		set  map[string]string
		args string
		says string
	}{
		{nil, "--oauth letter", "--oauth is browser, device-code, client-secret, client-certificate"},
		{map[string]string{oauth.EnvClientID: ""}, "--oauth client-secret", "set SMTPMEND_OAUTH_CLIENT_ID"},
		{map[string]string{oauth.EnvClientID: "scanner"}, "--oauth browser", "a GUID"},
		{map[string]string{oauth.EnvSecret: ""}, "--oauth client-secret", "SMTPMEND_OAUTH_CLIENT_SECRET"},
		{nil, "--oauth client-certificate", "SMTPMEND_OAUTH_CERTIFICATE"},
		{map[string]string{oauth.EnvCertificate: "/nowhere.pem"}, "--oauth client-certificate", "/nowhere.pem"},
		{nil, "--oauth client-secret --password-file x", "leave --password-file out"},
		{nil, "--oauth client-secret --auth-mechanism login", "leave --auth-mechanism out"},
		{nil, "--oauth client-secret --reply x", "leave --oauth out"},
		{nil, "ann@contoso.com --oauth client-secret", "one mailbox at a time"},
		{nil, "--oauth client-secret --for-admin", "leave --for-admin out"},
	} {
		before := map[string]string{}
		for name, value := range tc.set {
			before[name], w.env[name] = w.env[name], value
		}
		w.said.Reset()
		code := w.run(t.Context(), w.cloud(append([]string{"diagnose", w.typed}, strings.Fields(tc.args)...)...)...)
		if code != exitUsage || !strings.Contains(w.said.String(), tc.says) {
			t.Errorf("%s: exit %d\n%s", tc.args, code, w.said.String())
		}
		for name, value := range before {
			w.env[name] = value
		}
	}
	if n := len(w.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
