package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// completing reports whether a shell asks what could be typed next.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// flagValues are the values of the flags that have a fixed choice.
var flagValues = map[string]func() []string{
	"cloud":          endpoint.Names,
	"auth":           authWays,
	"auth-mechanism": func() []string { return []string{"login", "plain", "xoauth2"} },
	"oauth":          oauthWays,
	"scenario":       scenarioWords,
	"fail-on":        func() []string { return []string{failOnAffected} },
}

// offerValues has the shell offer, for each flag and argument, what may stand
// there: file names only where a file is wanted.
func offerValues(root *cobra.Command) {
	offerFlags(root, root.PersistentFlags())
	for _, cmd := range root.Commands() {
		offerFlags(cmd, cmd.Flags())
		if cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}

func offerFlags(cmd *cobra.Command, fs *pflag.FlagSet) {
	fs.VisitAll(func(f *pflag.Flag) {
		cmd.RegisterFlagCompletionFunc(f.Name, valuesOf(f)) // fails where one stands already
	})
}

// valuesOf says what the value of a flag may be: by its name, or by what help
// calls its value.
func valuesOf(f *pflag.Flag) cobra.CompletionFunc {
	if values, ok := flagValues[f.Name]; ok {
		return fixed(values())
	}
	what, _ := pflag.UnquoteUsage(f)
	switch {
	case f.Name == "output":
		return completeFormats
	case strings.HasPrefix(what, "CAUSE"):
		return completeMendable
	case what == "FILE", what == "LIST":
		return fixedBut(cobra.ShellCompDirectiveDefault)
	case what == "DIR":
		return fixedBut(cobra.ShellCompDirectiveFilterDirs)
	}
	return cobra.NoFileCompletions
}

// completeFormats offers a table where the verb prints one.
func completeFormats(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	formats := outputFormats
	if !slices.Contains(tables, cmd.Name()) {
		formats = slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return f == "csv" })
	}
	return formats, cobra.ShellCompDirectiveNoFileComp
}

func fixed(values []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

func fixedBut(directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return cobra.FixedCompletions(nil, directive)
}

// completeMendable offers the causes of --yes=, after those that stand there.
func completeMendable(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndex(typed, ",")+1]
	var all []string
	for _, code := range view.Codes(remediate.Mendable()) {
		if !slices.Contains(strings.Split(before, ","), code) {
			all = append(all, before+code)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// scenarioWords are the names of the scenarios, each with what is wrong in it.
func scenarioWords() []string {
	var all []string
	for _, s := range tenantsim.Scenarios {
		all = append(all, s.Name+"\t"+s.Summary)
	}
	return all
}

// completeScenarios is for the one argument of demo.
func completeScenarios(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return scenarioWords(), cobra.ShellCompDirectiveNoFileComp
}

// completeCauses offers the causes to explain; with --log arguments are files.
func completeCauses(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if log := cmd.Flags().Lookup("log"); log != nil && log.Changed {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return describedCauses(), cobra.ShellCompDirectiveNoFileComp
}
