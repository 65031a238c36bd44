package cloudapi

import (
	"path/filepath"
	"testing"
	"time"

	"smtpmend/internal/browsertest"
	"smtpmend/internal/tenantsim"
)

// A page that nobody answers is not waited for without end.
func TestNobodyAtTheBrowser(t *testing.T) {
	state := tenantsim.Default()
	state.Admin.DeviceCode = "ignore"
	tenant, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tenant.Close()
	browsertest.Install(t, filepath.Join(filepath.Dir(tenant.EndpointFile()), tenantsim.CAFile))
	a, err := NewAuthority(Options{Cloud: tenant.Cloud(), Env: lookup(map[string]string{"DISPLAY": ":0"})})
	if err != nil {
		t.Fatal(err)
	}
	prompts := 0
	cred, err := a.Credential(Grant{Method: Browser, TenantID: state.TenantID, ClientID: tenantsim.ClientID, Prompt: func(DevicePrompt) { prompts++ }})
	if err != nil {
		t.Fatal(err)
	}
	cred.cred.(*browser).waits = 10 * time.Millisecond
	_, _, err = cred.Token(t.Context(), tenant.Cloud().Graph+"/.default")
	f := AsFault(err)
	if f.What != errImpatient.What || prompts != 1 {
		t.Errorf("%+v after %d prompts", f, prompts)
	}
	if !f.covers(new(Service), new(Service)) {
		t.Error("the person is asked for the other API as well")
	}
}
