package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/diagnose/words"
	"smtpmend/internal/listen"
	"smtpmend/internal/stand"
	"smtpmend/internal/view"
	"smtpmend/probe"
)

// A listening is what listen is told on the command line.
type listening struct {
	addr, cert, key string
	names           []string
	implicit        bool
	count           int
	lasts           time.Duration
	allow           []string
	save            string

	forward          bool
	server           string
	cloud, cloudFile string
	timeout          time.Duration

	report reportFlags
}

func (l *listening) flags(fs *pflag.FlagSet) {
	fs.StringVar(&l.addr, "addr", ":2525", "listen on `HOST:PORT`")
	fs.StringVar(&l.cert, "cert", "", "certificate chain `FILE` (PEM; default: one made at start)")
	fs.StringVar(&l.key, "key", "", "private key `FILE` (PEM) of --cert")
	fs.StringArrayVar(&l.names, "name", nil, "one more `NAME` for the certificate made at start")
	fs.BoolVar(&l.implicit, "implicit-tls", false, "expect TLS at once instead of STARTTLS")
	fs.IntVar(&l.count, "count", 0, "end after `N` sessions (default: at Ctrl-C)")
	fs.DurationVar(&l.lasts, "for", 8*time.Hour, "end after that time; 0 is no end")
	fs.StringArrayVar(&l.allow, "allow", nil, "serve the network `CIDR` as well as loopback and this machine's private ones")
	fs.StringVar(&l.save, "save", "", "keep messages in `DIR`, 1 GB at most; without it none is kept")
	fs.BoolVar(&l.forward, "forward", false, "hand sign-ins and messages on to the real service, and its replies back")
	fs.StringVar(&l.server, "server", "", "with --forward: to `HOST:PORT` instead of the cloud's server")
	l.report.flags(fs)
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

Devices are served that are in a private network of this machine's own network
cards; others hear a refusal, and you the --allow that would serve them. For
the ports 25, 465 and 587 it may be started as root, which it gives up before
it hears a device.

With --forward the device's own sign-in, and then its message, go to the real
service, and the real replies back to the device. Once the service refused a
sign-in, nothing more is sent for that account, because that locks accounts,
until you press Enter; the device is told to come again later.

It ends after --count sessions, after --for, or with Ctrl-C; the exit code is
that of the last session.`,
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

func (a *app) listen(ctx context.Context, l listening, next view.NextCommand) error {
	switch {
	case l.count < 0:
		return usage("--count must not be negative")
	case l.lasts < 0:
		return usage("--for must not be negative; 0 is no end")
	}
	interfaces := a.interfaces
	if interfaces == nil {
		interfaces = listen.Interfaces
	}
	networks, err := stand.Networks(l.allow, interfaces)
	if err != nil {
		return standing(err)
	}
	forward, err := a.service(&l)
	if err != nil {
		return err
	}
	file, err := l.report.open()
	if err != nil {
		return err
	}
	defer file.drop()
	files, err := stand.MakeDir(l.save)
	if err != nil {
		return standing(err)
	}
	cert, made, err := stand.Identity{Cert: l.cert, Key: l.key, Names: l.names, Lasts: l.lasts}.Certificate()
	if err != nil {
		return standing(err)
	}
	socket, err := stand.Listen(l.addr)
	if err != nil {
		return standing(err)
	}
	defer socket.Close() // where it came to no Serve, which does so itself
	if made != nil {
		path, err := stand.KeepCertificate(made)
		if err != nil {
			return trouble("the certificate could not be written: %s", err)
		}
		defer os.RemoveAll(filepath.Dir(path))
		a.trustNote(cert, path)
		files = append(files, filepath.Dir(path), path)
	}
	if file != nil {
		files = append(files, file.Name())
	}
	if err := a.giveUpRoot(files); err != nil {
		return err
	}
	if err := stand.TryDir(l.save); err != nil {
		return standing(err)
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	if l.lasts > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.lasts)
		defer cancel()
	}
	a.expiryNote(cert)
	at := stand.Place{Networks: networks, At: socket.Addr(), Implicit: l.implicit, Count: l.count, Lasts: l.lasts}
	if forward != nil {
		at.Forward = l.server
	}
	for _, note := range at.Notes(time.Now()) {
		a.note(note)
	}
	if forward != nil && a.Interactive {
		go a.releaseOnEnter(forward)
	}
	return a.hear(ctx, socket, made != nil, next, file, listen.Config{
		TLS:         &tls.Config{Certificates: []tls.Certificate{cert}},
		ImplicitTLS: l.implicit, Count: l.count, Save: l.save, Forward: forward, Networks: networks,
		Tell: func(sentence string) { a.note(sentence) },
	})
}

// standing is an error of package stand, with its exit code.
func standing(err error) error {
	if _, ok := errors.AsType[*stand.FlagError](err); ok {
		return usage("%s", err)
	}
	return trouble("%s", err)
}

// giveUpRoot goes on as somebody else where this is root.
func (a *app) giveUpRoot(files []string) error {
	if a.Lesser == nil {
		return nil
	}
	who, err := a.Lesser()
	switch {
	case err != nil:
		return trouble("root cannot be given up, and nothing is heard as root: %s", err)
	case who == nil:
		return nil
	}
	if err := who.GiveUpRoot(files); err != nil {
		return trouble("%s", err)
	}
	a.note("root is given up; smtpmend goes on as %s", who.Name)
	return nil
}

// memoryLimit is where the garbage collector begins to work harder. Package
// listen keeps the sessions within 64 MB; this keeps what they have left
// behind, and the program itself, within as much again.
const memoryLimit = 80 << 20

// hear prints each session's report and returns the last one's exit code.
func (a *app) hear(ctx context.Context, socket net.Listener, made bool, next view.NextCommand, file *reportFile, c listen.Config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all view.Tally
	var last diagnose.Verdict
	var failed error
	var kept view.Sessions
	c.Report = func(r *listen.Report) {
		if r.Crash != "" {
			a.crash(r.Crash, nil)
		}
		all.Add(r.Verdict, r.Cause)
		last = r.Verdict
		kept.Add(r, made, next)
		if err := a.answer(view.Heard(r, made, next)); err != nil {
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
	if err := file.keep(&kept, a.language); err != nil {
		return err
	}
	if all.Total == 0 {
		a.note("no device connected: look at the server address and port in the device's menu, and at the firewall of this machine")
		return exit(exitUnsettled)
	}
	a.note("%s: %s", a.language.Count(all.Total, "session", "sessions"), &all)
	if made {
		a.note("a device that was told to trust this test's certificate should forget it again")
	}
	return exit(verdictExit(last))
}

// service is where sign-ins are handed on to, nil for nowhere.
func (a *app) service(l *listening) (*listen.Forward, error) {
	if !l.forward {
		return nil, nil
	}
	if l.timeout <= 0 {
		return nil, usage("--timeout must be longer than zero, such as 60s")
	}
	cloud, err := a.chooseCloud(l.cloud, l.cloudFile)
	if err != nil {
		return nil, err
	}
	server, err := serverAddress(l.server, cloud.SMTP)
	if err != nil {
		return nil, err
	}
	l.server = server
	forward := listen.NewForward(probe.Config{
		Server: server, Timeout: l.timeout, Roots: cloud.Roots, Audiences: []string{cloud.Exchange}, Known: words.Phrases(),
	})
	forward.Asks = a.Interactive
	return forward, nil
}

// releaseOnEnter lets one more sign-in of refused accounts be handed on each
// time the person presses Enter.
func (a *app) releaseOnEnter(f *listen.Forward) {
	lines := bufio.NewScanner(a.In)
	for lines.Scan() {
		if n := f.Release(); n > 0 {
			a.note("%s may be tried once more; let the device send again", a.language.Count(n, "refused account", "refused accounts"))
		} else {
			a.note("no account was refused, so nothing was held back")
		}
	}
}
