package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
)

// hostileVars are what no shell may read as anything else.
var hostileVars = []Var{
	{"SMTPMEND_PASSWORD", `it's %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘’‚‛ é`},
	{"AZURE_CLIENT_SECRET", `two"words`},
	{"AZURE_CLIENT_ID", `100%&calc`},
	{"AZURE_TENANT_ID", ""},
}

// Each shell's file holds each value in that shell's own quotes.
func TestEnvFiles(t *testing.T) {
	for _, tt := range []struct {
		shell Shell
		want  string
	}{
		{Posix, `export SMTPMEND_PASSWORD='it'\''s %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘’‚‛ é'` + "\n" +
			"export AZURE_CLIENT_SECRET='two\"words'\nexport AZURE_CLIENT_ID='100%&calc'\nunset AZURE_TENANT_ID\n"},
		{PowerShell, "\ufeff" + `$env:SMTPMEND_PASSWORD = 'it''s %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘‘’’‚‚‛‛ é'` + "\r\n" +
			"$env:AZURE_CLIENT_SECRET = 'two\"words'\r\n$env:AZURE_CLIENT_ID = '100%&calc'\r\nRemove-Item Env:AZURE_TENANT_ID -ErrorAction SilentlyContinue\r\n"},
		{Cmd, "@rem SMTPMEND_PASSWORD holds characters that cmd.exe does not take from here; env.ps1 has it\r\n@set \"SMTPMEND_PASSWORD=\"\r\n" +
			"@rem AZURE_CLIENT_SECRET holds characters that cmd.exe does not take from here; env.ps1 has it\r\n@set \"AZURE_CLIENT_SECRET=\"\r\n" +
			"@set \"AZURE_CLIENT_ID=100%%&calc\"\r\n@set \"AZURE_TENANT_ID=\"\r\n"},
	} {
		if got := tt.shell.write(hostileVars); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.shell.File, got, tt.want)
		}
	}
}

// sh reads from its file what was written.
func TestEnvIsRead(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	files, err := Write(t.TempDir(), hostileVars, []Shell{Posix})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh, "-c", `. "$0"; printf '%s\n' "$SMTPMEND_PASSWORD" "$AZURE_CLIENT_SECRET" "$AZURE_CLIENT_ID" "${AZURE_TENANT_ID-unset}"`, files[0].Path)
	cmd.Env = []string{"AZURE_TENANT_ID=of another lab"}
	out, err := cmd.CombinedOutput()
	want := hostileVars[0].Value + "\n" + hostileVars[1].Value + "\n" + hostileVars[2].Value + "\nunset\n"
	if err != nil || string(out) != want {
		t.Errorf("%v: %q, want %q", err, out, want)
	}
}

// Windows gets a file and a line for each of its shells, in words where a path
// cannot be pasted.
func TestEnvOnWindows(t *testing.T) {
	dir := t.TempDir()
	files, err := Write(dir, Env(tenantsim.Default(), tenantsim.Device{}, `C:\lab dir\endpoints.json`), Shells("windows"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"env.ps1": `$env:SMTPMEND_CLOUD_FILE = 'C:\lab dir\endpoints.json'` + "\r\n",
		"env.cmd": `@set "SMTPMEND_CLOUD_FILE=C:\lab dir\endpoints.json"` + "\r\n",
	} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "env")); err == nil {
		t.Error("a file for sh is written too")
	}
	for i, want := range []string{"Get-Content -Raw -LiteralPath ", "call "} {
		if line := files[i].Take(); !strings.HasPrefix(line, want) {
			t.Errorf("%s", line)
		}
	}
	for path, want := range map[string]string{
		"/lab dir/env": `. "/lab dir/env"`, "/lab/env": ". /lab/env", "/$HOME/env": "", "/a`id`/env": "", "/a\"b/env": "", "/a%b/env": "", "/a\u202eb/env": "", "/‘a’&b/env": "",
	} {
		if got := (File{Posix, path}).Take(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
