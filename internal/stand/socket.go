package stand

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"smtpmend/internal/listen"
	"smtpmend/internal/view/safe"
)

// Listen listens on HOST:PORT, with a sentence for each way in which that goes
// wrong.
func Listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, flagError("--addr %q is not HOST:PORT, such as :2525", addr)
	}
	if _, err := net.LookupPort("tcp", port); err != nil || port == "" {
		return nil, flagError("--addr %q has no valid port; write HOST:PORT, such as :2525", addr)
	}
	if host != "" && host != "localhost" && net.ParseIP(strings.Split(host, "%")[0]) == nil {
		return nil, flagError("--addr %q: the host must be an IP address of this machine, or empty for all", addr)
	}
	socket, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %s is in use by another program; choose another with --addr", port)
	case errors.Is(err, fs.ErrPermission):
		return nil, forbidden(port)
	case err != nil:
		return nil, flagError("--addr %q cannot be listened on: %s", addr, err)
	}
	return socket, nil
}

// forbidden says how a port can be had that this account may not listen on:
// devices know 25, 465 and 587, which most systems keep for root.
func forbidden(port string) error {
	path, err := os.Executable()
	program, ok := safe.Word(path)
	if err != nil || !ok {
		program = "<smtpmend>"
	}
	other := "choose a port above 1023 with --addr and set the device to it"
	if runtime.GOOS != "linux" {
		return fmt.Errorf("this account may not listen on port %s: start smtpmend as an administrator, or %s", port, other)
	}
	return fmt.Errorf("this account may not listen on port %s: start smtpmend with sudo (it gives root up before it hears a device), "+
		"or allow it once (sudo setcap cap_net_bind_service=+ep %s), or start it under authbind, or %s", port, program, other)
}

// An Identity is what a certificate is loaded from, or made for.
type Identity struct {
	Cert, Key string        // PEM files, "" for one made at start
	Names     []string      // for one made at start, besides the machine's own
	Lasts     time.Duration // how long it is needed, 0 for no end
}

// Certificate loads the person's own, or makes one and returns its PEM form
// as well.
func (l Identity) Certificate() (tls.Certificate, []byte, error) {
	switch {
	case l.Cert == "" && l.Key == "":
		for _, name := range l.Names {
			if net.ParseIP(name) == nil && !hostName.MatchString(name) {
				return tls.Certificate{}, nil, flagError("--name %q is neither a host name nor an IP address", name)
			}
		}
		cert, text, err := listen.Certificate(append(localNames(), l.Names...), l.Lasts)
		if err != nil {
			return cert, nil, flagError("no certificate could be made for %s: %s", strings.Join(l.Names, ", "), err)
		}
		return cert, text, nil
	case l.Cert == "" || l.Key == "":
		return tls.Certificate{}, nil, flagError("--cert and --key belong together; give both")
	case len(l.Names) > 0:
		return tls.Certificate{}, nil, flagError("--name is for the certificate made at start; --cert has names of its own")
	}
	chain, err := readPEM("--cert", l.Cert)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := readPEM("--key", l.Key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	if encrypted(key) {
		file, ok := safe.Word(safe.Path(l.Key))
		if !ok {
			file = "<file>"
		}
		return tls.Certificate{}, nil, flagError("--key: %s is encrypted; make a plain copy with: openssl pkey -in %s -out plain.pem", l.Key, file)
	}
	cert, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return cert, nil, flagError("certificate %s and key %s do not work together: %s", l.Cert, l.Key, err)
	}
	return cert, nil, nil
}

// hostName matches what a certificate may be for (RFC 1123, RFC 6125).
var hostName = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func readPEM(flag, name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, flagError("%s cannot be read: %s", flag, err)
	}
	if block, _ := pem.Decode(text); block == nil {
		return nil, flagError("%s: %s holds no PEM block (-----BEGIN ...)", flag, name)
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
