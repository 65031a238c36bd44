package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"smtpmend/internal/many"
	"smtpmend/internal/secret"
	"smtpmend/internal/terminal"
	"smtpmend/probe"
)

// muster checks everything that can be wrong before the first attempt: what is
// to be tried, and with which password.
func (f *fleet) muster(ctx context.Context) error {
	entries, err := f.entries(ctx)
	if err != nil {
		return err
	}
	base, err := f.basis(f.t, entries[0].Mailbox)
	if err != nil {
		return err
	}
	if _, err := f.app.admin(f.admin, f.t.Cloud, entries[0].Mailbox); err != nil {
		return err
	}
	if base.Mechanism, err = knownMechanism(f.t.mechanism); err != nil {
		return err
	}
	shared, err := f.shared(ctx, entries)
	if err != nil {
		return err
	}
	f.jobs = map[string]job{}
	for _, e := range entries {
		j := job{Entry: e, config: base}
		j.config.Mailbox, j.config.From = e.Mailbox, cmp.Or(e.From, base.From)
		if j.config.Server, err = serverAddress(e.Server, base.Server); err != nil {
			return badFile("line %d of the list: what stands in the column server is not HOST:PORT", e.Line)
		}
		if j.config.Mechanism, j.config.Secret, err = f.own(ctx, e, base.Mechanism, shared); err != nil {
			return err
		}
		f.jobs[e.Mailbox] = j
		f.order = append(f.order, e.Mailbox)
	}
	return nil
}

// entries are the mailboxes of the command line and of the list, each once.
func (f *fleet) entries(ctx context.Context) ([]many.Entry, error) {
	var all []many.Entry
	for _, mailbox := range f.args {
		if err := checkAddress("mailbox", mailbox); err != nil {
			return nil, err
		}
		all = append(all, many.Entry{Mailbox: mailbox})
	}
	if f.cmd.Flags().Changed("from-file") {
		list, err := f.readList(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	merged, err := many.Merge(all)
	if err != nil {
		return nil, badFile("%s", err)
	}
	if len(merged) < len(all) {
		f.note("the %d names given stand for %s, each tried once", len(all), f.language.Count(len(merged), "mailbox", "mailboxes"))
	}
	return merged, nil
}

func (f *fleet) readList(ctx context.Context) ([]many.Entry, error) {
	name, in := f.flags.list, f.In
	switch {
	case name == "-" && f.t.password.file == "-":
		return nil, usage("--from-file and --password-file cannot both be standard input")
	case name == "-" && f.Interactive:
		f.note("type an address a line, then press Ctrl-D on a line of its own")
	case name != "-":
		file, err := os.Open(name)
		if err != nil {
			return nil, badFile("the list cannot be read: %s", err)
		}
		defer file.Close()
		in = file
	}
	list, err := terminal.Await(ctx, func() (many.List, error) { return many.ReadList(in) })
	switch {
	case ctx.Err() != nil:
		return nil, trouble("interrupted while the list was read; nothing was tried")
	case err != nil:
		return nil, badFile("%s: %s", cmp.Or(strings.TrimPrefix(name, "-"), "standard input"), err)
	}
	if len(list.Unread) > 0 {
		f.note("columns of the list that are not read, by their numbers in line %d: %s", list.Header, strings.Join(list.Unread, ", "))
	}
	for i, e := range list.Entries {
		if e.File != "" && !filepath.IsAbs(e.File) && name != "-" {
			list.Entries[i].File = filepath.Join(filepath.Dir(name), e.File)
		}
	}
	return list.Entries, nil
}

// A credential is what a mailbox signs in with.
type credential struct {
	mechanism string
	secret    secret.Secret
}

// shared is the password at hand, for the mailboxes that bring none. With more
// than one mailbox it needs somebody's word: one password that is tried at many
// accounts is what an attack looks like, and locks them where it is wrong.
func (f *fleet) shared(ctx context.Context, entries []many.Entry) (credential, error) {
	lacking := 0
	for _, e := range entries {
		if !e.Own() {
			lacking++
		}
	}
	var c credential
	switch {
	case lacking == 0 && (f.flags.same || f.t.password.file != ""):
		return c, usage("every mailbox has a password or token of its own in the list; leave --same-password and --password-file out")
	case lacking == 0:
		return c, nil
	case len(entries) > 1 && !f.flags.same:
		return c, usage("%d of %d mailboxes have no password or token of their own. One password is for one mailbox: give each its own in a list (--from-file), or say --same-password where they really share one", lacking, len(entries))
	}
	var err error
	who := entries[0].Mailbox
	if len(entries) > 1 {
		who = "all mailboxes without one of their own"
	}
	c.mechanism, c.secret, err = f.credential(ctx, f.t.password, f.t.mechanism, who)
	if err == nil && c.secret.Empty() && len(entries) > 1 {
		err = usage("there is no password that the mailboxes could share; set %s or %s, or name a file with --password-file", envPassword, envToken)
	}
	return c, err
}

// own is what the mailbox of an entry signs in with.
func (f *fleet) own(ctx context.Context, e many.Entry, mechanism string, shared credential) (string, secret.Secret, error) {
	switch {
	case !e.Own():
		return shared.mechanism, shared.secret, nil
	case e.File != "":
		how, text, err := f.credential(ctx, passwordSource{e.File, "the file of the column password-file"}, mechanism, e.Mailbox)
		if bad, ok := errors.AsType[*exitError](err); ok {
			err = badFile("line %d of the list: %s", e.Line, bad.Message)
		}
		return how, text, err
	case e.Token && mechanism != "" && mechanism != probe.MechXOAUTH2:
		return "", e.Secret, badFile("line %d of the list gives a token, which --auth-mechanism %s has no use for", e.Line, strings.ToLower(mechanism))
	case e.Token || mechanism == "" && jwt.MatchString(e.Secret.Reveal()):
		mechanism = probe.MechXOAUTH2
	case mechanism == probe.MechXOAUTH2:
		return "", e.Secret, badFile("line %d of the list gives a password, where xoauth2 needs a token", e.Line)
	}
	return mechanism, e.Secret, nil
}
