package main

import (
	"context"
	"net"
	"net/mail"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose/words"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/lab"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// A target is what a verb that probes is told on the command line.
type target struct {
	Mailbox   string
	Cloud     endpoint.Cloud
	server    string
	cloud     string
	cloudFile string
	from, to  string
	send      bool
	mechanism string
	timeout   time.Duration
	password  passwordSource
	judged    bool // a reply is judged: nothing is probed
	oauth     oauthSource
}

func (t *target) flags(fs *pflag.FlagSet) {
	fs.StringVar(&t.server, "server", "", "submit to `HOST:PORT` instead of the cloud's server")
	cloudFlags(fs, &t.cloud, &t.cloudFile)
	fs.StringVar(&t.from, "from", "", "sender `ADDRESS` (default: the mailbox)")
	fs.StringVar(&t.to, "to", "", "recipient `ADDRESS` (default: the mailbox)")
	fs.BoolVar(&t.send, "send", false, "send a message; without it nothing is delivered")
	fs.StringVar(&t.mechanism, "auth-mechanism", "", "login, plain or xoauth2 (default: login with a password, xoauth2 with a token)")
	fs.DurationVar(&t.timeout, "timeout", probe.DefaultTimeout, "time for one whole probe")
	fs.StringVar(&t.password.file, "password-file", "", "read the password or token from `FILE` (- for standard input)")
}

func cloudFlags(fs *pflag.FlagSet, name, file *string) {
	fs.StringVar(name, "cloud", "", "Microsoft `CLOUD`: "+strings.Join(endpoint.Names(), ", ")+" (default: "+endpoint.Names()[0]+")")
	fs.StringVar(file, "cloud-file", "", "endpoint `FILE` of a private or simulated cloud (default: that of "+envCloudFile+", where it is set and no --cloud given)")
}

// resolve checks the command line and returns what to probe.
func (a *app) resolve(ctx context.Context, t *target, mailbox string) (probe.Config, error) {
	c, err := a.basis(t, mailbox)
	switch {
	case err != nil:
		return c, err
	case t.oauth.way != "":
		return c, a.prepareOAuth(t, c)
	case t.judged:
		return c, nil
	}
	c.Mechanism, c.Secret, err = a.credential(ctx, t.password, t.mechanism, mailbox)
	return c, err
}

// basis is resolve without a password.
func (a *app) basis(t *target, mailbox string) (probe.Config, error) {
	var c probe.Config
	for _, address := range []struct{ what, text string }{
		{"mailbox", mailbox}, {"--from address", t.from}, {"--to address", t.to},
	} {
		if err := checkAddress(address.what, address.text); err != nil {
			return c, err
		}
	}
	if t.timeout <= 0 {
		return c, usage("--timeout must be longer than zero, such as 60s")
	}
	var err error
	if t.Cloud, err = a.chooseCloud(t.cloud, t.cloudFile); err != nil {
		return c, err
	}
	server, err := serverAddress(t.server, t.Cloud.SMTP)
	if err != nil {
		return c, err
	}
	t.Mailbox = mailbox
	c = probe.Config{
		Server: server, Mailbox: mailbox, From: t.from, To: t.to, Send: t.send,
		Timeout: t.timeout, Roots: t.Cloud.Roots, Audiences: audiences(t.Cloud), Known: words.Phrases(),
	}
	if a.adjust != nil {
		a.adjust(&c)
	}
	return c, nil
}

// audiences are those of a token for submission in a cloud, besides Microsoft's.
func audiences(cloud endpoint.Cloud) []string {
	all := []string{cloud.Exchange}
	if scope, ok := strings.CutSuffix(cloud.SMTPScope, "/.default"); ok {
		all = append(all, scope)
	}
	return all
}

// envCloudFile is the default of --cloud-file.
const envCloudFile = lab.CloudFile

// chooseCloud takes the cloud of the flags, or else of the environment.
func (a *app) chooseCloud(name, file string) (endpoint.Cloud, error) {
	if name == "" && file == "" {
		file, _ = a.LookupEnv(envCloudFile)
		name = endpoint.Names()[0]
	}
	if file != "" {
		cloud, err := endpoint.Load(file)
		if err != nil {
			return cloud, usage("%s", err)
		}
		return cloud, nil
	}
	cloud, ok := endpoint.Builtin(name)
	if !ok {
		return cloud, usage("%q is none of the clouds %s", name, strings.Join(endpoint.Names(), ", "))
	}
	return cloud, nil
}

// serverAddress completes --server with the submission port.
func serverAddress(given, fallback string) (string, error) {
	if given == "" {
		return fallback, nil
	}
	if strings.ContainsAny(given, " \t\r\n/@") {
		return "", usage("--server %q is not HOST:PORT", given)
	}
	host, port, err := net.SplitHostPort(given)
	if err != nil {
		host, port = strings.Trim(given, "[]"), "587"
	}
	if _, err := net.LookupPort("tcp", port); err != nil || host == "" {
		return "", usage("--server %q is not HOST:PORT, such as smtp.office365.com:587", given)
	}
	return net.JoinHostPort(host, port), nil
}

// checkAddress refuses what is no plain address; "" passes where a default
// stands in.
func checkAddress(what, text string) error {
	if text == "" && what != "mailbox" {
		return nil
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return usage("%s %q is not an address; write it as name@domain", what, text)
	}
	return nil
}

// oneMailbox is the check of a verb's only argument.
func oneMailbox(cmd *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usage("which mailbox? Say: %s scanner@contoso.com", cmd.CommandPath())
	case 1:
		return nil
	}
	return usage("one mailbox at a time, not %d arguments; quote an argument that holds spaces", len(args))
}

// placeOf is whose mailbox and tenant the printed PowerShell is for: the tenant
// that was found for the mailbox, a customer's where a partner is signed in or --tenant
// names one.
func placeOf(mailbox string, cloud endpoint.Cloud, ten *tenant, admin adminFlags) powershell.Place {
	at := powershell.Place{Mailbox: mailbox, Cloud: cloud, Customer: admin.tenant}
	if ten != nil {
		at.Tenant = ten.ID()
	}
	if ten != nil && ten.Tenant != nil && ten.Visiting() {
		at.Customer = at.Tenant
	}
	if at.Customer != "" && at.Tenant != "" {
		at.Customer = at.Tenant
	}
	// A name that is made harmless on the page would be another one there.
	if safe.Text(at.Mailbox) != at.Mailbox {
		at.Mailbox = ""
	}
	if safe.Text(at.Customer) != at.Customer {
		at.Customer = ""
	}
	return at
}
