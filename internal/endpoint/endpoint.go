// Package endpoint names the hosts of a Microsoft cloud: the built-in clouds
// and those of an endpoint file. It connects to none of them.
package endpoint

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// A Cloud is one row of the table of endpoints. An endpoint file holds the
// same as JSON. Every connection that smtpmend makes goes to one of its hosts.
type Cloud struct {
	Name string `json:"name"`
	// SMTP is host:port of the submission server.
	SMTP string `json:"smtp"`
	// Login is the Entra authority: OpenID discovery and
	// /{tenant}/oauth2/v2.0/token lie below it.
	Login string `json:"login"`
	// Graph is the root above /v1.0 and /beta.
	Graph string `json:"graph"`
	// Exchange is the root above /adminapi.
	Exchange string `json:"exchange"`
	// Reports is the host from which usage reports are downloaded, to which
	// Graph redirects; "" for none, and then they are not read.
	Reports string `json:"reports,omitempty"`
	// CAFile names a PEM file whose certificates are trusted besides the
	// system's, for all of them; relative to the endpoint file.
	CAFile string `json:"ca_file,omitempty"`
	// SMTPScope is what a token for submission is asked with; "" for the
	// scope of Exchange Online.
	SMTPScope string `json:"smtp_scope,omitempty"`

	// LoginAliases are other hosts of the same Entra authority, to which
	// OpenID discovery may point.
	LoginAliases []string `json:"-"`
	// ReportsAliases are regional hosts of the same downloads.
	ReportsAliases []string `json:"-"`
	// GraphEnvironment and ExchangeEnvironment are what Microsoft's PowerShell
	// modules call the cloud, "" for the one that they take by themselves.
	GraphEnvironment, ExchangeEnvironment string `json:"-"`
	// FromUsers: the submission host is known from users, and from no page of
	// Microsoft's.
	FromUsers bool `json:"-"`
	// OwnClient: Microsoft's own application for Graph PowerShell does not exist
	// there.
	OwnClient bool `json:"-"`
	// Roots holds the certificates of CAFile, which are trusted besides the
	// system's; nil for none. AllRoots has both.
	Roots *x509.CertPool `json:"-"`
	// CA are the same certificates, one by one.
	CA []*x509.Certificate `json:"-"`
}

// Submits reports whether host is the cloud's own submission host, whatever
// the port: only what such a host says counts as Microsoft's word.
func (c Cloud) Submits(host string) bool {
	own, _, err := net.SplitHostPort(c.SMTP)
	return err == nil && strings.EqualFold(strings.TrimSuffix(host, "."), own)
}

// keyError is what is wrong with one key of a Cloud.
type keyError struct {
	Key     string // as in the endpoint file
	Problem string // "is missing", "must start with https://"
}

func (e *keyError) Error() string { return fmt.Sprintf("key %q %s", e.Key, e.Problem) }

// Validate returns an error that names the first key, in the order of the fields,
// that is missing or cannot be an endpoint.
func (c Cloud) Validate() error {
	if c.Name == "" {
		return &keyError{"name", "is missing"}
	}
	if problem := smtpProblem(c.SMTP); problem != "" {
		return &keyError{"smtp", problem}
	}
	roots := []struct{ key, url string }{
		{"login", c.Login}, {"graph", c.Graph}, {"exchange", c.Exchange}, {"reports", c.Reports},
	}
	for _, r := range roots {
		if r.key == "reports" && r.url == "" {
			continue
		}
		if problem := rootProblem(r.url); problem != "" {
			return &keyError{r.key, problem}
		}
	}
	return nil
}

func smtpProblem(addr string) string {
	if addr == "" {
		return "is missing"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host == "" || port == "" {
		return fmt.Sprintf("must be host:port, not %q", addr)
	}
	if strings.ContainsAny(host, "/@ \t\r\n") {
		return fmt.Sprintf("must be host:port without anything before or after it, not %q", addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Sprintf("must end in a port between 1 and 65535, not %q", port)
	}
	return ""
}

func rootProblem(root string) string {
	if root == "" {
		return "is missing"
	}
	u, err := url.Parse(root)
	switch {
	case err != nil:
		return "is not a URL"
	case u.Scheme != "https":
		return fmt.Sprintf("must start with https://, not %q", root)
	case u.Hostname() == "":
		return fmt.Sprintf("names no host: %q", root)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "must be a plain URL without user, query or fragment"
	}
	return ""
}
