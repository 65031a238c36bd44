// Package endpoint names the hosts of a Microsoft cloud: the built-in clouds
// and those of an endpoint file. It connects to none of them.
package endpoint

import "crypto/x509"

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
	// CAFile names a PEM file whose certificates are trusted besides the
	// system's, for all four; relative to the endpoint file.
	CAFile string `json:"ca_file,omitempty"`

	// Roots is nil for the system's roots alone.
	Roots *x509.CertPool `json:"-"`
}
