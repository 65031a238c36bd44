package main

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"smtpmend/internal/listen"
)

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
		return nil, forbidden(port)
	case err != nil:
		return nil, usage("--addr %q cannot be listened on: %s", l.addr, err)
	}
	return socket, nil
}

// forbidden says how a port can be had that this account may not listen on:
// devices know 25, 465 and 587, which most systems keep for root.
func forbidden(port string) error {
	program, err := os.Executable()
	if err != nil {
		program = "smtpmend"
	}
	other := "choose a port above 1023 with --addr and set the device to it"
	if runtime.GOOS != "linux" {
		return trouble("this account may not listen on port %s: start smtpmend as an administrator, or %s", port, other)
	}
	return trouble("this account may not listen on port %s: start smtpmend with sudo (it gives root up before it hears a device), "+
		"or allow it once with \"sudo setcap cap_net_bind_service=+ep %s\", or start it under authbind, or %s", port, program, other)
}

// certificate loads the person's own, or makes one and returns its PEM form
// as well.
func (l *listening) certificate() (tls.Certificate, []byte, error) {
	switch {
	case l.cert == "" && l.key == "":
		for _, name := range l.names {
			if net.ParseIP(name) == nil && !hostName.MatchString(name) {
				return tls.Certificate{}, nil, usage("--name %q is neither a host name nor an IP address", name)
			}
		}
		cert, text, err := listen.Certificate(append(localNames(), l.names...), l.lasts)
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
	if encrypted(key) {
		return tls.Certificate{}, nil, usage("--key: %s is encrypted; make a plain copy with: openssl pkey -in %s -out plain.pem", l.key, quote(l.key))
	}
	cert, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return cert, nil, usage("certificate %s and key %s do not work together: %s", l.cert, l.key, err)
	}
	return cert, nil, nil
}

// hostName matches what a certificate may be for (RFC 1123, RFC 6125).
var hostName = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

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

// encrypted reports whether a key needs a passphrase: PKCS #8, or the older
// form with a header (RFC 1421).
func encrypted(key []byte) bool {
	block, _ := pem.Decode(key)
	return block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != ""
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
