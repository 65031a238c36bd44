package main

import (
	"cmp"
	"context"
	"io"
	"regexp"
	"strings"

	"smtpmend/internal/oauth"
	"smtpmend/internal/secret"
	"smtpmend/internal/terminal"
	"smtpmend/probe"
)

// The environment variables that hold secrets.
const (
	envPassword = "SMTPMEND_PASSWORD"
	envToken    = "SMTPMEND_TOKEN"
)

// withheldEnv are the variables that no library and no child reads: those that
// hold a secret, and one by which azidentity would ask another host.
var withheldEnv = append([]string{"AZURE_REGIONAL_AUTHORITY_NAME"}, secretEnv...)

// secretEnv are all variables that hold a secret.
var secretEnv = []string{envPassword, envToken, oauth.EnvSecret, oauth.EnvPassword, "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"}

// maxSecret bounds a password or token file; tokens are a few kilobytes.
const maxSecret = 64 << 10

// A passwordSource is where --password-file says the secret is.
type passwordSource struct {
	file string
	// called is said instead of the file's name, which may be a password in the
	// wrong place; "" for a name that may be said.
	called string
}

// credential finds the mechanism and the password or token: from the file,
// the environment, or a prompt. Without any the secret is empty, and the
// probe shows what a device gets that does not sign in.
func (a *app) credential(ctx context.Context, src passwordSource, mechanism, mailbox string) (string, secret.Secret, error) {
	mechanism, err := knownMechanism(mechanism)
	if err != nil {
		return "", secret.Secret{}, err
	}
	text, from, err := a.findSecret(ctx, src, &mechanism, mailbox)
	if err != nil {
		return "", secret.Secret{}, err
	}
	if from == "" {
		a.note("no password was given (%s, --password-file): stopping before the sign-in", envPassword)
		return mechanism, secret.Secret{}, nil
	}
	switch {
	case text == "":
		return "", secret.Secret{}, usage("the password from %s is empty", from)
	case strings.ContainsAny(text, "\r\n\x00"):
		return "", secret.Secret{}, usage("the password from %s holds a line break or NUL; it must be one line", from)
	}
	return mechanism, secret.New(text), nil
}

// knownMechanism is the value of --auth-mechanism as the wire has it.
func knownMechanism(mechanism string) (string, error) {
	switch upper := strings.ToUpper(mechanism); upper {
	case "", probe.MechLogin, probe.MechPlain, probe.MechXOAUTH2:
		return upper, nil
	}
	return "", usage("--auth-mechanism is login, plain or xoauth2, not %q", strings.ToLower(mechanism))
}

// findSecret returns the secret and where it is from, "" for nowhere. It sets
// mechanism where the place decides it.
func (a *app) findSecret(ctx context.Context, src passwordSource, mechanism *string, mailbox string) (text, from string, err error) {
	if src.file != "" {
		text, err = a.readSecret(ctx, src)
		if *mechanism == "" && jwt.MatchString(text) {
			*mechanism = probe.MechXOAUTH2
		}
		return text, cmp.Or(src.called, src.file), err
	}
	password, hasPassword := a.LookupEnv(envPassword)
	token, _ := a.LookupEnv(envToken)
	hasToken := token != ""
	switch {
	case hasToken && hasPassword && *mechanism == "":
		return "", "", usage("both %s and %s are set; choose with --auth-mechanism", envPassword, envToken)
	case hasToken && (*mechanism == probe.MechXOAUTH2 || *mechanism == ""):
		*mechanism = probe.MechXOAUTH2
		return token, envToken, nil
	case *mechanism == probe.MechXOAUTH2:
		return "", "", usage("xoauth2 needs a token; set %s or name a file with --password-file", envToken)
	case hasPassword:
		return password, envPassword, nil
	case a.Interactive:
		return a.promptSecret(ctx, mailbox)
	}
	return "", "", nil
}

// jwt matches a token, which nobody has for a password.
var jwt = regexp.MustCompile(`^eyJ[\w-]+\.[\w-]+\.[\w-]*$`)

func (a *app) promptSecret(ctx context.Context, mailbox string) (text, from string, err error) {
	text, err = a.askSecret(ctx, a.t("Password for %s (empty: do not sign in):", mailbox)+" ")
	switch {
	case ctx.Err() != nil:
		return "", "", trouble("interrupted at the password; nothing was tried")
	case err != nil:
		return "", "", trouble("the password could not be read: %s", err)
	}
	if text == "" {
		return "", "", nil
	}
	return text, "the prompt", nil
}

// readSecret reads a one-line file.
func (a *app) readSecret(ctx context.Context, src passwordSource) (string, error) {
	in := a.In
	if src.file != "-" {
		f, err := terminal.Open(ctx, src.file)
		switch {
		case ctx.Err() != nil:
			return "", trouble("interrupted while the password was read; nothing was tried")
		case err != nil:
			return "", src.unread(err)
		}
		defer f.Close()
		in = f
	}
	b, err := terminal.Await(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(in, maxSecret+1)) })
	if ctx.Err() != nil {
		return "", trouble("interrupted while the password was read; nothing was tried")
	}
	if err != nil {
		return "", src.unread(err)
	}
	if len(b) > maxSecret {
		return "", usage("%s is too long for a password or token", cmp.Or(src.called, src.file))
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), nil
}

// unread is why the file was not read.
func (src passwordSource) unread(err error) error {
	if src.called == "" {
		return usage("the password file cannot be read: %s", err)
	}
	return usage("%s cannot be read: %s", src.called, pathless(err))
}
