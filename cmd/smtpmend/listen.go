package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
			if !l.forward && (cmd.Flags().Changed("server") || cmd.Flags().Changed("cloud") || cmd.Flags().Changed("cloud-file")) {
				return usage("--server, --cloud and --cloud-file say where --forward hands on to; add --forward")
			}
			return a.listen(cmd.Context(), l)
		},
	}
	l.flags(cmd.Flags())
	return cmd
}

func (a *app) listen(ctx context.Context, l listening) error {
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
	a.note("listening on %s; Ctrl-C ends it", socket.Addr())
	if forward != nil && a.Interactive {
		go a.releaseOnEnter(forward)
	}
	return a.hear(ctx, socket, l, cert, forward)
}

// hear prints each session's report and returns the last one's exit code.
func (a *app) hear(ctx context.Context, socket net.Listener, l listening, cert tls.Certificate, forward *listen.Forward) error {
	var done []*listen.Report
	var failed error
	err := listen.Serve(ctx, socket, listen.Config{
		TLS:         &tls.Config{Certificates: []tls.Certificate{cert}},
		ImplicitTLS: l.implicit, Count: l.count, Save: l.save, Forward: forward,
		Report: func(r *listen.Report) {
			done = append(done, &listen.Report{Verdict: r.Verdict, Cause: r.Cause})
			if err := a.answer(r, func(p *page) { listenText(p, r) }); err != nil {
				failed = err
			}
		},
	})
	switch {
	case err != nil:
		return trouble("listening failed: %s", err)
	case failed != nil:
		return trouble("a report could not be written: %s", failed)
	}
	a.summary(done)
	if len(done) == 0 {
		return exit(exitUnsettled)
	}
	return exit(verdictExit(done[len(done)-1].Verdict))
}

// summary counts the sessions by what came of them.
func (a *app) summary(done []*listen.Report) {
	counts := map[string]int{}
	var order []string
	for _, r := range done {
		word := string(r.Verdict)
		if r.Cause != "" {
			word = string(r.Cause)
		}
		if counts[word]++; counts[word] == 1 {
			order = append(order, word)
		}
	}
	for i, word := range order {
		order[i] = fmt.Sprintf("%d %s", counts[word], word)
	}
	text := plural(len(done), "session", "sessions")
	if len(order) > 0 {
		text += ": " + strings.Join(order, ", ")
	}
	a.note("%s", text)
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
		Server: server, Timeout: l.timeout, Roots: cloud.Roots, Audiences: []string{cloud.Exchange},
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
	return nil
}

// open listens, with a sentence for each way in which that goes wrong.
func (l *listening) open() (net.Listener, error) {
	host, port, err := net.SplitHostPort(l.addr)
	if err != nil {
		return nil, usage("--addr %q is not HOST:PORT, such as :2525", l.addr)
	}
	if _, err := net.LookupPort("tcp", port); err != nil || port == "" {
		return nil, usage("--addr %q has no valid port; write HOST:PORT, such as :2525", l.addr)
	}
	if host != "" && host != "localhost" && net.ParseIP(strings.Split(host, "%")[0]) == nil {
		return nil, usage("--addr %q: the host must be an IP address of this machine, or empty for all", l.addr)
	}
	socket, err := net.Listen("tcp", l.addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, trouble("port %s is in use by another program; choose another with --addr", port)
	case errors.Is(err, fs.ErrPermission):
		return nil, trouble("this account may not listen on port %s; choose one above 1023 with --addr", port)
	case err != nil:
		return nil, usage("--addr %q cannot be listened on: %s", l.addr, err)
	}
	return socket, nil
}

// certificate loads the person's own, or makes one and returns its PEM form
// as well.
func (l *listening) certificate() (tls.Certificate, []byte, error) {
	switch {
	case l.cert == "" && l.key == "":
		cert, text, err := listen.Certificate(append(localNames(), l.names...))
		if err != nil {
			return cert, nil, usage("no certificate could be made for %s: %s", strings.Join(l.names, ", "), err)
		}
		return cert, text, nil
	case l.cert == "" || l.key == "":
		return tls.Certificate{}, nil, usage("--cert and --key belong together; give both")
	case len(l.names) > 0:
		return tls.Certificate{}, nil, usage("--name is for the certificate made at start; --cert has names of its own")
	}
	chain, err := readPEM("--cert", l.cert)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := readPEM("--key", l.key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	cert, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return cert, nil, usage("certificate %s and key %s do not work together: %s", l.cert, l.key, err)
	}
	return cert, nil, nil
}

func readPEM(flag, name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("%s cannot be read: %s", flag, err)
	}
	if block, _ := pem.Decode(text); block == nil {
		return nil, usage("%s: %s holds no PEM block (-----BEGIN ...)", flag, name)
	}
	return text, nil
}

// localNames are what a device may call this machine.
func localNames() []string {
	names := []string{"localhost"}
	if host, err := os.Hostname(); err == nil && host != "localhost" {
		names = append(names, host)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return append(names, "127.0.0.1")
	}
	for _, addr := range addrs {
		if ip, ok := addr.(*net.IPNet); ok && !ip.IP.IsLinkLocalUnicast() && !slices.Contains(names, ip.IP.String()) {
			names = append(names, ip.IP.String())
		}
	}
	return names
}

// keepCertificate writes the certificate, without its key, for devices to
// import.
func keepCertificate(text []byte) (string, error) {
	dir, err := os.MkdirTemp("", "smtpmend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "certificate.pem")
	return path, os.WriteFile(path, text, 0o644)
}
