package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// A contradiction is two flags of which one would have to be left unheard.
// NAME=VALUE is a flag with that value alone.
type contradiction struct{ one, other, why string }

var contradictions = []contradiction{
	{"cloud", "cloud-file", "name the cloud in one way"},
	{"powershell", "yes", "--powershell makes no change that could be approved"},
	{"powershell", "yes-tenant-wide", "--powershell makes no change that could be approved"},
	{"auth=none", "client-id", "with --auth none nobody signs in"},
	{"list", "yes", "--list puts nothing back"},
	{"cert", "name", "--name is for the certificate that is made without --cert"},
	{"print-state", "state", "--print-state shows what a state file may hold, not one of yours"},
	{"print-state", "dir", "--print-state starts no tenant"},
}

// tables are the verbs whose answer can be one.
var tables = []string{"diagnose", "explain", "inventory"}

// contradicts refuses a command line of which a part would be left unheard.
func contradicts(cmd *cobra.Command, _ []string) error {
	if given(cmd, "output=csv") && !slices.Contains(tables, cmd.Name()) {
		return usage("-o csv is for tables, which %s prints none of (%s do); choose text or json", cmd.Name(), strings.Join(tables, " and "))
	}
	for _, c := range contradictions {
		if given(cmd, c.one) && given(cmd, c.other) {
			return usage("--%s and --%s contradict each other: %s", strings.Replace(c.one, "=", " ", 1), c.other, c.why)
		}
	}
	return nil
}

func given(cmd *cobra.Command, flag string) bool {
	name, value, limited := strings.Cut(flag, "=")
	f := cmd.Flags().Lookup(name)
	switch {
	case f == nil || !f.Changed:
		return false
	case limited:
		return f.Value.String() == value
	}
	return f.Value.Type() != "bool" || f.Value.String() == "true"
}
