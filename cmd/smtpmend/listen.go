package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/internal/listen"
	"smtpmend/probe"
)

// A listening is what listen is told on the command line.
type listening struct {
	addr, cert, key string
	names           []string
	implicit        bool
	count           int
	save            string

	forward          bool
	server           string
	cloud, cloudFile string
	timeout          time.Duration
}

func (l *listening) flags(fs *pflag.FlagSet) {
	fs.StringVar(&l.addr, "addr", ":2525", "listen on `HOST:PORT`")
	fs.StringVar(&l.cert, "cert", "", "certificate chain `FILE` (PEM; default: one made at start)")
	fs.StringVar(&l.key, "key", "", "private key `FILE` (PEM) of --cert")
	fs.StringArrayVar(&l.names, "name", nil, "one more `NAME` for the certificate made at start")
	fs.BoolVar(&l.implicit, "implicit-tls", false, "expect TLS at once instead of STARTTLS")
	fs.IntVar(&l.count, "count", 0, "end after `N` sessions (default: at Ctrl-C)")
	fs.StringVar(&l.save, "save", "", "keep messages in `DIR`; without it none is kept")
	fs.BoolVar(&l.forward, "forward", false, "hand sign-ins and messages on to the real service, and its replies back")
	fs.StringVar(&l.server, "server", "", "with --forward: to `HOST:PORT` instead of the cloud's server")
	cloudFlags(fs, &l.cloud, &l.cloudFile)
	fs.DurationVar(&l.timeout, "timeout", probe.DefaultTimeout, "with --forward: time for the sign-in, and again for the message")
}

func (a *app) listenCommand() *cobra.Command {
	var l listening
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Stand in for Microsoft's server and say what a device really does",
		Long: `Listen stands in for smtp.office365.com. Point the device at this machine, press
its test button, and read what is wrong with it and which term to look for in
its menu. It answers as Microsoft does up to the check of the password, which
is never shown or kept. Messages are accepted and discarded.

With --forward the device's own sign-in, and then its message, go to the real
service, and the real replies back to the device. Credentials that the service
refused are not tried again, because that locks accounts, until you press Enter.

It ends after --count sessions or with Ctrl-C; the exit code is that of the
last session.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range []string{"server", "cloud", "cloud-file", "timeout"} {
				if cmd.Flags().Changed(name) && !l.forward {
					return usage("--%s says how --forward hands on; add --forward", name)
				}
			}
			return a.listen(cmd.Context(), l, again(cmd))
		},
	}
	l.flags(cmd.Flags())
	return cmd
}

func (a *app) listen(ctx context.Context, l listening, next nextCommand) error {
	if l.count < 0 {
		return usage("--count must not be negative")
	}
	forward, err := l.service()
	if err != nil {
		return err
	}
	if err := l.makeSaveDir(); err != nil {
		return err
	}
	cert, made, err := l.certificate()
	if err != nil {
		return err
	}
	socket, err := l.open()
	if err != nil {
		return err
	}
	if made != nil {
		path, err := keepCertificate(made)
		if err != nil {
			socket.Close()
			return trouble("the certificate could not be written: %s", err)
		}
		defer os.RemoveAll(filepath.Dir(path))
		a.trustNote(cert, path)
	}
	a.expiryNote(cert)
	a.note("listening on %s; Ctrl-C ends it", socket.Addr())
	if forward != nil && a.Interactive {
		a.note("a refused sign-in is handed on once more after you press Enter")
		go a.releaseOnEnter(forward)
	}
	return a.hear(ctx, socket, next, listen.Config{
		TLS:         &tls.Config{Certificates: []tls.Certificate{cert}},
		ImplicitTLS: l.implicit, Count: l.count, Save: l.save, Forward: forward,
	})
}

// hear prints each session's report and returns the last one's exit code.
func (a *app) hear(ctx context.Context, socket net.Listener, next nextCommand, c listen.Config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all tally
	var last diagnose.Verdict
	var failed error
	c.Report = func(r *listen.Report) {
		if r.Crash != "" {
			a.crash(r.Crash, nil)
		}
		all.add(r.Verdict, r.Cause)
		last = r.Verdict
		if err := a.answer(r, func(p *page) { listenText(p, r, next) }); err != nil {
			failed = err
			stop()
		}
	}
	err := listen.Serve(ctx, socket, c)
	switch {
	case err != nil:
		return trouble("listening failed: %s", err)
	case failed != nil:
		return failed
	}
	if all.total == 0 {
		a.note("no device connected")
		return exit(exitUnsettled)
	}
	a.note("%s: %s", plural(all.total, "session", "sessions"), &all)
	return exit(verdictExit(last))
}

// service is where sign-ins are handed on to, nil for nowhere.
func (l *listening) service() (*listen.Forward, error) {
	if !l.forward {
		return nil, nil
	}
	if l.timeout <= 0 {
		return nil, usage("--timeout must be longer than zero, such as 60s")
	}
	cloud, err := chooseCloud(l.cloud, l.cloudFile)
	if err != nil {
		return nil, err
	}
	server, err := serverAddress(l.server, cloud.SMTP)
	if err != nil {
		return nil, err
	}
	return listen.NewForward(probe.Config{
		Server: server, Timeout: l.timeout, Roots: cloud.Roots, Audiences: []string{cloud.Exchange}, Known: diagnose.Words(),
	}), nil
}

// releaseOnEnter lets refused credentials be tried once more each time the
// person presses Enter.
func (a *app) releaseOnEnter(f *listen.Forward) {
	lines := bufio.NewScanner(a.In)
	for lines.Scan() {
		a.note("%s may be handed on once more", plural(f.Release(), "refused sign-in", "refused sign-ins"))
	}
}

func (l *listening) makeSaveDir() error {
	if l.save == "" {
		return nil
	}
	if err := os.MkdirAll(l.save, 0o700); err != nil {
		return usage("--save directory cannot be made: %s", err)
	}
	f, err := os.CreateTemp(l.save, ".smtpmend-*")
	if err != nil {
		return usage("--save directory cannot be written to: %s", err)
	}
	f.Close()
	return os.Remove(f.Name())
}
