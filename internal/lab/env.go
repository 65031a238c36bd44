package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view/safe"
)

// A Var is an environment variable; without a value it is to be unset.
type Var struct{ Name, Value string }

// The environment variables of smtpmend's own that a lab sets.
const (
	CloudFile = "SMTPMEND_CLOUD_FILE" // the endpoint file
	Password  = "SMTPMEND_PASSWORD"   // of the first mailbox

	OAuthClient = "SMTPMEND_OAUTH_CLIENT_ID"     // the second app, which submits as that mailbox
	OAuthSecret = "SMTPMEND_OAUTH_CLIENT_SECRET" // its secret
)

// Credentials are what the first user and the first two apps sign in with.
func Credentials(state *tenantsim.State) []Var {
	vars := []Var{{"AZURE_TENANT_ID", state.TenantID}}
	if len(state.Users) > 0 {
		vars = append(vars, Var{Password, state.Users[0].Password})
	}
	if len(state.Apps) > 0 {
		vars = append(vars, Var{"AZURE_CLIENT_ID", state.Apps[0].ClientID}, Var{"AZURE_CLIENT_SECRET", state.Apps[0].Secret})
	}
	if len(state.Apps) > 1 {
		vars = append(vars, Var{OAuthClient, state.Apps[1].ClientID}, Var{OAuthSecret, state.Apps[1].Secret})
	}
	return vars
}

// Env is Credentials with what the scenario's device signs in with, and the
// endpoint file.
func Env(state *tenantsim.State, device tenantsim.Device, endpoints string) []Var {
	vars := []Var{{CloudFile, endpoints}}
	for _, v := range Credentials(state) {
		switch {
		case v.Name != Password:
		case device.NoAuth:
			v.Value = ""
		case device.WrongPassword:
			v.Value += "-mistyped"
		}
		vars = append(vars, v)
	}
	return vars
}

// A Shell reads variables from a file of its own.
type Shell struct {
	Name  string // "" where there is one only
	File  string
	write func([]Var) string
	take  func(path string) string // the line that reads the file
}

// The shells at hand.
var (
	Posix      = Shell{"", "env", posixEnv, func(path string) string { return ". " + path }}
	PowerShell = Shell{"PowerShell", "env.ps1", powerShellEnv, func(path string) string {
		return "Get-Content -Raw -LiteralPath " + path + " | Invoke-Expression" // no policy for scripts stops it
	}}
	Cmd = Shell{"cmd.exe", "env.cmd", cmdEnv, func(path string) string { return "call " + path }}
)

// Shells are those of an operating system.
func Shells(goos string) []Shell {
	if goos == "windows" {
		return []Shell{PowerShell, Cmd}
	}
	return []Shell{Posix}
}

// A File was written for a shell.
type File struct {
	Shell Shell
	Path  string
}

// Take is the line that has the shell read the file, "" where the path cannot
// be written so that a shell reads it right.
func (f File) Take() string {
	if word, ok := safe.Word(f.Path); ok {
		return f.Shell.take(word)
	}
	return ""
}

// Write keeps the simulated secrets in a file for each shell to read, so
// that they are not in the output.
func Write(dir string, vars []Var, shells []Shell) ([]File, error) {
	var files []File
	for _, sh := range shells {
		f := File{sh, filepath.Join(dir, sh.File)}
		if err := os.WriteFile(f.Path, []byte(sh.write(vars)), 0o600); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func posixEnv(vars []Var) string {
	var b strings.Builder
	for _, v := range vars {
		if v.Value == "" {
			fmt.Fprintf(&b, "unset %s\n", v.Name)
			continue
		}
		fmt.Fprintf(&b, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
	}
	return b.String()
}

// powerShellEnv doubles each of the characters that PowerShell takes for a
// single quote. The mark at its beginning tells old versions that it is UTF-8.
func powerShellEnv(vars []Var) string {
	var b strings.Builder
	for _, v := range vars {
		if v.Value == "" {
			fmt.Fprintf(&b, "Remove-Item Env:%s -ErrorAction SilentlyContinue\r\n", v.Name)
			continue
		}
		fmt.Fprintf(&b, "$env:%s = '%s'\r\n", v.Name, powerShellQuotes.ReplaceAllString(v.Value, "$0$0"))
	}
	if !ascii(b.String()) {
		return "\ufeff" + b.String()
	}
	return b.String()
}

var powerShellQuotes = regexp.MustCompile("['\u2018\u2019\u201a\u201b]")

// cmdEnv leaves out what cmd.exe cannot read from a file whatever its settings
// are.
func cmdEnv(vars []Var) string {
	var b strings.Builder
	for _, v := range vars {
		if !ascii(v.Value) || strings.ContainsAny(v.Value, "\"!\r\n") {
			fmt.Fprintf(&b, "@rem %s holds characters that cmd.exe does not take from here; env.ps1 has it\r\n", v.Name)
			v.Value = ""
		}
		fmt.Fprintf(&b, "@set \"%s=%s\"\r\n", v.Name, strings.ReplaceAll(v.Value, "%", "%%"))
	}
	return b.String()
}

// ascii reports whether s is that alone, and but for line ends nothing that
// cannot be seen.
func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' || r < ' ' && r != '\r' && r != '\n' })
}
