package m365

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A registration is an application as its own tenant keeps it. What was not
// sent is nil.
type registration struct {
	IsFallbackPublicClient *bool
	PublicClient, Web, SPA *struct{ RedirectURIs []string }
	PasswordCredentials    []credential
	KeyCredentials         []credential
}

// A credential is a secret or a certificate of a registration; the value of a
// secret is never readable.
type credential struct {
	EndDateTime         *time.Time
	CustomKeyIdentifier string // of a certificate: its thumbprint
}

// theRegistration asks for the registration. Another tenant's is not shown.
func (r *reads) theRegistration(ctx context.Context) (registration, error) {
	var reg registration
	app, err := r.theApplication()
	if err != nil {
		return reg, err
	}
	request := r.graph.get("/applications(appId='{app}')?$select=id,isFallbackPublicClient,publicClient,spa,web,passwordCredentials,keyCredentials",
		map[string]string{"app": app.ClientID})
	err = r.graph.raw(ctx, request, &reg)
	if statusOf(err) != http.StatusNotFound {
		return reg, err
	}
	sp, spErr := r.ofEnterprise()
	if spErr != nil {
		return reg, spErr
	}
	return reg, undecided("the application is registered in another tenant ("+cloudapi.Clean(deref(sp.AppOwnerOrganizationID))+"), which alone shows it",
		"ask whoever made the application")
}

func (r *reads) appPublicClient(context.Context) (fact.Reading, error) {
	reg, err := r.registration()
	switch {
	case err != nil:
		return fact.Reading{}, err
	case deref(reg.IsFallbackPublicClient): // null is no: a registration begins so
		return fact.Reading{Value: "yes"}, nil
	}
	return fact.Reading{Value: "no"}, nil
}

func (r *reads) appRedirect(context.Context) (fact.Reading, error) {
	reg, err := r.registration()
	if err != nil {
		return fact.Reading{}, err
	}
	switch {
	case localhost(reg.PublicClient):
		return fact.Reading{Value: "yes"}, nil
	case reg.PublicClient == nil:
		return fact.Reading{}, cloudapi.NoValue("publicClient")
	case localhost(reg.Web), localhost(reg.SPA):
		return fact.Reading{Value: "other"}, nil
	}
	return fact.Reading{Value: "no"}, nil
}

// localhost reports whether a redirect to any port of this machine is among
// them: Entra does not compare the port of localhost (entra-docs, "Redirect URI
// restrictions").
func localhost(platform *struct{ RedirectURIs []string }) bool {
	return platform != nil && slices.ContainsFunc(platform.RedirectURIs, func(u string) bool {
		return strings.TrimRight(strings.ToLower(u), "/") == "http://localhost"
	})
}

// appCredential tells whether the registration holds the certificate, or any
// secret at all, and until when.
func (r *reads) appCredential(context.Context) (fact.Reading, error) {
	reg, err := r.registration()
	if err != nil {
		return fact.Reading{}, err
	}
	list, what := reg.PasswordCredentials, "secret"
	if print := r.application.Thumbprint; print != "" {
		list, what = reg.KeyCredentials, "certificate "+print
		list = slices.DeleteFunc(slices.Clone(list), func(c credential) bool { return !c.has(print) })
	}
	if list == nil {
		return fact.Reading{}, cloudapi.NoValue("the list of secrets and certificates")
	}
	return validity(list, what, r.now())
}

// validity is the reading of a list of credentials of one kind: which of several
// secrets was used does not show.
func validity(list []credential, what string, now time.Time) (fact.Reading, error) {
	if len(list) == 0 {
		return fact.Reading{Value: fact.None, Detail: what}, nil
	}
	var last time.Time
	for _, c := range list {
		if c.EndDateTime == nil {
			return fact.Reading{}, cloudapi.NoValue("endDateTime of each secret and certificate")
		}
		if c.EndDateTime.After(last) {
			last = *c.EndDateTime
		}
	}
	if len(list) > 1 {
		what = fmt.Sprintf("the last of %d %ss", len(list), what)
	}
	if last.Before(now) {
		return fact.Reading{Value: "expired", Detail: what + ", on " + day(last)}, nil
	}
	return fact.Reading{Value: "valid", Detail: what + ", until " + day(last)}, nil
}

// has reports whether the credential is the certificate with that thumbprint;
// see customKeyIdentifier in unconfirmed.go.
func (c credential) has(thumbprint string) bool {
	if strings.EqualFold(c.CustomKeyIdentifier, thumbprint) {
		return true
	}
	raw, err := base64.StdEncoding.DecodeString(c.CustomKeyIdentifier)
	return err == nil && strings.EqualFold(hex.EncodeToString(raw), thumbprint)
}

// day writes a time as people compare it.
func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
