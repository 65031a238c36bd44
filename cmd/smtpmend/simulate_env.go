package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// An envVar is an environment variable that signs in to a simulated tenant;
// without a value it is to be unset.
type envVar struct{ name, value string }

// simulatedEnv returns what the first user and the first app sign in with.
func simulatedEnv(state *tenantsim.State) []envVar {
	vars := []envVar{{"AZURE_TENANT_ID", state.TenantID}}
	if len(state.Users) > 0 {
		vars = append(vars, envVar{envPassword, state.Users[0].Password})
	}
	if len(state.Apps) > 0 {
		vars = append(vars, envVar{"AZURE_CLIENT_ID", state.Apps[0].ClientID}, envVar{"AZURE_CLIENT_SECRET", state.Apps[0].Secret})
	}
	return vars
}

// practiceEnv is simulatedEnv with what the scenario's device signs in with, and
// the endpoint file.
func practiceEnv(state *tenantsim.State, device tenantsim.Device, endpoints string) []envVar {
	vars := []envVar{{envCloudFile, endpoints}}
	for _, v := range simulatedEnv(state) {
		switch {
		case v.name != envPassword:
		case device.NoAuth:
			v.value = ""
		case device.WrongPassword:
			v.value += "-mistyped"
		}
		vars = append(vars, v)
	}
	return vars
}

// A shell reads variables from a file of its own.
type shell struct {
	name  string // "" where there is one only
	file  string
	write func([]envVar) string
	take  func(path string) string // the line that reads the file
}

var (
	posixShell = shell{"", "env", posixEnv, func(path string) string { return ". " + path }}
	powerShell = shell{"PowerShell", "env.ps1", powerShellEnv, func(path string) string {
		return "Get-Content -Raw -LiteralPath " + path + " | Invoke-Expression" // no policy for scripts stops it
	}}
	cmdShell = shell{"cmd.exe", "env.cmd", cmdEnv, func(path string) string { return "call " + path }}
)

// shellsOf are those of an operating system.
func shellsOf(goos string) []shell {
	if goos == "windows" {
		return []shell{powerShell, cmdShell}
	}
	return []shell{posixShell}
}

// An envFile was written for a shell.
type envFile struct {
	shell shell
	path  string
}

// take is the line that has the shell read the file, "" where the path cannot
// be written so that a shell reads it right.
func (f envFile) take() string {
	if word, ok := view.Word(f.path); ok {
		return f.shell.take(word)
	}
	return ""
}

// writeEnv keeps the simulated secrets in a file for each shell to read, so
// that they are not in the output.
func writeEnv(dir string, vars []envVar, shells []shell) ([]envFile, error) {
	var files []envFile
	for _, sh := range shells {
		f := envFile{sh, filepath.Join(dir, sh.file)}
		if err := os.WriteFile(f.path, []byte(sh.write(vars)), 0o600); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func posixEnv(vars []envVar) string {
	var b strings.Builder
	for _, v := range vars {
		if v.value == "" {
			fmt.Fprintf(&b, "unset %s\n", v.name)
			continue
		}
		fmt.Fprintf(&b, "export %s='%s'\n", v.name, strings.ReplaceAll(v.value, "'", `'\''`))
	}
	return b.String()
}

// powerShellEnv doubles each of the characters that PowerShell takes for a
// single quote. The mark at its beginning tells old versions that it is UTF-8.
func powerShellEnv(vars []envVar) string {
	var b strings.Builder
	for _, v := range vars {
		if v.value == "" {
			fmt.Fprintf(&b, "Remove-Item Env:%s -ErrorAction SilentlyContinue\r\n", v.name)
			continue
		}
		fmt.Fprintf(&b, "$env:%s = '%s'\r\n", v.name, powerShellQuotes.ReplaceAllString(v.value, "$0$0"))
	}
	if !ascii(b.String()) {
		return "\ufeff" + b.String()
	}
	return b.String()
}

var powerShellQuotes = regexp.MustCompile("['\u2018\u2019\u201a\u201b]")

// cmdEnv leaves out what cmd.exe cannot read from a file whatever its settings
// are.
func cmdEnv(vars []envVar) string {
	var b strings.Builder
	for _, v := range vars {
		if !ascii(v.value) || strings.ContainsAny(v.value, "\"!\r\n") {
			fmt.Fprintf(&b, "@rem %s holds characters that cmd.exe does not take from here; env.ps1 has it\r\n", v.name)
			v.value = ""
		}
		fmt.Fprintf(&b, "@set \"%s=%s\"\r\n", v.name, strings.ReplaceAll(v.value, "%", "%%"))
	}
	return b.String()
}

// ascii reports whether s is that alone, and but for line ends nothing that
// cannot be seen.
func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' || r < ' ' && r != '\r' && r != '\n' })
}
