package cloudapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/browsertest"
	"smtpmend/internal/cloudapi"
	"smtpmend/internal/secret"
	"smtpmend/internal/tenantsim"
)

// Each refusal of the table, met at the token endpoint, is named by its number,
// says what to do, and is met once: neither the library nor the API beside asks
// again where that cannot help.
func TestEachRefusal(t *testing.T) {
	all := cloudapi.Refusals()
	if len(all) < 189 || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Fatalf("%d numbers, each once?", len(all))
	}
	d := newDesk(t, tenantsim.Default())
	for _, number := range all {
		if err := d.SetFaults(tenantsim.Fault{API: "login", Path: "/token", Kind: "refused", AADSTS: number}); err != nil {
			t.Fatal(err)
		}
		before := len(d.Requests())
		_, _, err := d.credential(t, d.grant(cloudapi.ClientSecret)).Token(t.Context(), d.Cloud().Graph+"/.default")
		f, ok := errors.AsType[*cloudapi.Fault](err)
		if want := fmt.Sprintf("AADSTS%d", number); !ok || f.Code != want || !strings.Contains(f.What, want) || f.Next == "" || strings.Contains(f.Next, "{") || !errors.Is(err, cloudapi.ErrSignIn) {
			t.Errorf("%d: %+v", number, f)
		}
		if n := tokens(d.Requests()[before:]); n != 1 {
			t.Errorf("%d: %d requests for a token", number, n)
		}
	}
}

func tokens(requests []tenantsim.Request) (n int) {
	for _, r := range requests {
		if strings.HasSuffix(r.Path, "/token") {
			n++
		}
	}
	return n
}

// The tenant's own reasons, as the simulator has them.
func TestRefusedByTheTenant(t *testing.T) {
	for _, tt := range []struct {
		name   string
		method cloudapi.Method
		change func(*tenantsim.State)
		code   string
		next   string
	}{
		{"security defaults and a code", cloudapi.DeviceCode, func(s *tenantsim.State) { s.Org.DeviceFlow, s.Org.SecurityDefaults = "blocked", "on" }, "AADSTS530035", "--auth browser"},
		{"a policy and a code", cloudapi.DeviceCode, func(s *tenantsim.State) { s.Org.DeviceFlow = "blocked" }, "AADSTS53003", "--auth: browser"},
		{"security defaults and the browser", cloudapi.Browser, func(s *tenantsim.State) { s.Org.DeviceFlow, s.Org.SecurityDefaults = "blocked", "on" }, "", ""},
		{"no public client, code", cloudapi.DeviceCode, func(s *tenantsim.State) { s.Apps[0].PublicFlows = "off" }, "AADSTS7000218", "Allow public client flows"},
		{"no public client, browser", cloudapi.Browser, func(s *tenantsim.State) { s.Apps[0].PublicFlows = "off" }, "AADSTS7000218", "Allow public client flows"},
		{"declined in the browser", cloudapi.Browser, func(s *tenantsim.State) { s.Admin.DeviceCode = "decline" }, "AADSTS65004", "accept"},
		{"declined at the code", cloudapi.DeviceCode, func(s *tenantsim.State) { s.Admin.DeviceCode = "decline" }, "AADSTS70018", "run it again"},
		{"another secret", cloudapi.ClientSecret, func(s *tenantsim.State) { s.Apps[0].Secret = "another" }, "AADSTS7000215", "AZURE_CLIENT_SECRET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := tenantsim.Default()
			tt.change(state)
			d := newDesk(t, state)
			d.browser(t)
			_, _, err := d.credential(t, d.grant(tt.method)).Token(t.Context(), d.Cloud().Graph+"/.default")
			f, _ := errors.AsType[*cloudapi.Fault](err)
			if tt.code == "" && err != nil || tt.code != "" && (f == nil || f.Code != tt.code || !strings.Contains(f.Next, tt.next)) {
				t.Errorf("%+v", f)
			}
		})
	}
}

// A refusal that the page keeps to itself leaves the person waiting, until they
// end it.
func TestTheBrowserNeverAnswers(t *testing.T) {
	state := tenantsim.Default()
	state.Apps[0].Redirect = "none"
	d := newDesk(t, state)
	dir := d.browser(t)
	ctx, cancel := withCancel(t)
	go func() {
		for !strings.Contains(read(dir, "page.html"), "AADSTS50011") {
			pause()
		}
		cancel()
	}()
	_, _, err := d.credential(t, d.grant(cloudapi.Browser)).Token(ctx, d.Cloud().Graph+"/.default")
	if f := cloudapi.AsFault(err); f.What != "the sign-in was interrupted" || len(d.prompts) != 1 {
		t.Errorf("%+v after %d prompts", f, len(d.prompts))
	}
}

// What any program of this machine can send to the port that waits for the
// browser is never Entra's word.
func TestForgedBrowserAnswer(t *testing.T) {
	for _, tt := range []struct {
		form url.Values
		what string
	}{
		{url.Values{"error": {"access_denied"}, "error_description": {"AADSTS530035: blocked by security defaults"}, "state": {"wrong"}}, "may have sent: AADSTS530035"},
		{url.Values{"error": {"access_denied"}, "error_description": {"AADSTS530035: blocked by security defaults"}}, "may have sent: AADSTS530035"},
		{url.Values{"code": {"forged"}, "state": {"wrong"}}, "not understood"}, {nil, "not understood"},
	} {
		d := newDesk(t, tenantsim.Default())
		browsertest.InstallScript(t, "#!/bin/sh\n")
		g := d.grant(cloudapi.Browser)
		g.Prompt = func(p cloudapi.DevicePrompt) {
			page, _ := url.Parse(p.URL)
			if resp, err := http.PostForm(page.Query().Get("redirect_uri"), tt.form); err == nil {
				resp.Body.Close()
			}
		}
		_, _, err := d.credential(t, g).Token(t.Context(), d.Cloud().Graph+"/.default")
		if f := cloudapi.AsFault(err); err == nil || f.Said != "" || !strings.Contains(f.What, tt.what) || f.Next == "" {
			t.Errorf("%v: %+v", tt.form, f)
		}
	}
}

// An address with a user name in it is not one of the cloud's.
func TestUserInfoIsRefused(t *testing.T) {
	f := login(func(path, _ string) (int, string) {
		at := "https://login.microsoftonline.com@login.example/0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11/"
		return 200, `{"issuer":"` + at + `","authorization_endpoint":"` + at + `authorize","token_endpoint":"` + at + `token","device_authorization_endpoint":"` + at + `devicecode"}`
	}).fault(t, cloudapi.Grant{Method: cloudapi.ClientSecret, Secret: secret.New("secret-of-ours")})
	if !errors.Is(f, cloudapi.ErrOutsideCloud) {
		t.Errorf("%+v", f)
	}
}
