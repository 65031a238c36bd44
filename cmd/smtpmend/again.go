package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// again writes the arguments and flags that were given, for the next command
// to be copied as it stands.
func again(cmd *cobra.Command, args []string) string {
	words := make([]string, 0, len(args))
	for _, arg := range args {
		words = append(words, quote(arg))
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case f.Name == "output", f.Name == "password-file" && f.Value.String() == "-":
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name)
		default:
			words = append(words, "--"+f.Name, quote(f.Value.String()))
		}
	})
	return strings.Join(words, " ")
}

// signInAgain writes only the flags that choose the cloud and the admin
// sign-in, for a command that takes no others.
func signInAgain(cmd *cobra.Command) string {
	var words []string
	for _, name := range []string{"cloud", "cloud-file", "auth", "tenant", "client-id"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			words = append(words, "--"+name, quote(f.Value.String()))
		}
	}
	return strings.Join(words, " ")
}

// quote makes s one word for a POSIX shell; plain words, which other shells
// take as well, stay as they are.
func quote(s string) string {
	plain := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-[]\\", r)
	}
	if s != "" && strings.IndexFunc(s, plain) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
