package cloudapi

import (
	"errors"
	"strings"
	"testing"

	"smtpmend/internal/browsertest"
)

func TestWays(t *testing.T) {
	prompt := func(DevicePrompt) {}
	type env = map[string]string
	tests := []struct {
		name   string
		o      Options
		env    env
		method Method
		fails  string
	}{
		{"secret in the environment", Options{}, env{"AZURE_CLIENT_ID": "a", "AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PATH": "c"}, ClientSecret, ""},
		{"certificate in the environment", Options{}, env{"AZURE_CLIENT_ID": "a", "AZURE_CLIENT_CERTIFICATE_PATH": "c"}, ClientCertificate, ""},
		{"nothing in the environment", Options{Prompt: prompt}, nil, DeviceCode, ""},
		{"secret without id", Options{Prompt: prompt}, env{"AZURE_CLIENT_SECRET": "s"}, DeviceCode, ""},
		{"chosen", Options{Auth: AzureCLI}, env{"AZURE_CLIENT_ID": "a", "AZURE_CLIENT_SECRET": "s"}, AzureCLI, ""},
		{"secret chosen and missing", Options{Auth: ClientSecret}, env{"AZURE_CLIENT_ID": "a"}, ClientSecret, "set AZURE_CLIENT_SECRET"},
		{"id missing", Options{Auth: ClientSecret}, env{"AZURE_CLIENT_SECRET": "s"}, ClientSecret, "set AZURE_CLIENT_ID"},
		{"certificate chosen and missing", Options{Auth: ClientCertificate}, env{"AZURE_CLIENT_ID": "a"}, ClientCertificate, "set AZURE_CLIENT_CERTIFICATE_PATH"},
		{"nobody to ask", Options{}, nil, DeviceCode, "needs a person"},
		{"unknown", Options{Auth: "magic"}, nil, "magic", `unknown way to sign in "magic"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Env = lookup(tt.env)
			g, err := tt.o.grant()
			if g.Method != tt.method || (err == nil) != (tt.fails == "") || err != nil && (!strings.Contains(err.Error(), tt.fails) || !errors.Is(err, ErrSignIn)) {
				t.Errorf("method %q, error %v", g.Method, err)
			}
		})
	}
}

// For a person with a desktop the browser is the way that is taken by itself,
// unless an application's secret is set.
func TestBrowserByItself(t *testing.T) {
	browsertest.InstallScript(t, "exit 0")
	o := Options{Prompt: func(DevicePrompt) {}, Env: lookup(map[string]string{"DISPLAY": ":0"})}
	if g, err := o.grant(); g.Method != Browser || err != nil {
		t.Errorf("%s, %v", g.Method, err)
	}
	o.Env = lookup(map[string]string{"DISPLAY": ":0", "AZURE_CLIENT_ID": "a", "AZURE_CLIENT_SECRET": "s"})
	if g, err := o.grant(); g.Method != ClientSecret || err != nil {
		t.Errorf("%s, %v", g.Method, err)
	}
}

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}
