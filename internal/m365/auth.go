package m365

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"smtpmend/internal/fact"
	"smtpmend/internal/secret"
)

// A Method is a way to sign in to the admin APIs.
type Method string

// The ways to sign in.
const (
	ClientSecret      Method = "client-secret"      // an application with AZURE_CLIENT_SECRET
	ClientCertificate Method = "client-certificate" // an application with AZURE_CLIENT_CERTIFICATE_PATH
	DeviceCode        Method = "device-code"        // a person, at any browser
	AzureCLI          Method = "azure-cli"          // whoever the az program is signed in as
)

// Methods lists the ways to sign in.
func Methods() []Method { return []Method{ClientSecret, ClientCertificate, DeviceCode, AzureCLI} }

// A DevicePrompt asks the person to open URL in a browser and enter Code.
type DevicePrompt struct {
	API  string // what the sign-in is for: fact.APIGraph or fact.APIExchange
	URL  string
	Code string
}

// Microsoft's own public clients. Each is allowed to use one of the two APIs,
// so without an app registration of one's own there are two sign-ins. The
// first does not exist in the cloud "china".
const (
	graphCommandLine   = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
	exchangePowerShell = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
)

// A way is a method with all that it needs.
type way struct {
	method   Method
	tenant   string
	clientID string
	secret   secret.Secret
	cert     string // path
	certPass secret.Secret
}

// way chooses the method and collects its parts from options and environment.
func (o Options) way() (way, error) {
	w := way{
		method:   o.Auth,
		tenant:   cmp.Or(o.TenantID, o.env("AZURE_TENANT_ID")),
		clientID: cmp.Or(o.ClientID, o.env("AZURE_CLIENT_ID")),
		secret:   secret.New(o.env("AZURE_CLIENT_SECRET")),
		cert:     o.env("AZURE_CLIENT_CERTIFICATE_PATH"),
		certPass: secret.New(o.env("AZURE_CLIENT_CERTIFICATE_PASSWORD")),
	}
	if w.method == "" {
		w.method = w.byEnvironment()
	}
	return w, w.check(o)
}

func (o Options) env(name string) string {
	if o.Env == nil {
		return ""
	}
	value, _ := o.Env(name)
	return value
}

func (w way) byEnvironment() Method {
	switch {
	case w.clientID != "" && !w.secret.Empty():
		return ClientSecret
	case w.clientID != "" && w.cert != "":
		return ClientCertificate
	}
	return DeviceCode
}

// check names the first part that is missing.
func (w way) check(o Options) error {
	lacks := func(what, how string) error {
		return &problem{fmt.Sprintf("sign-in by %s needs %s: %s", w.method, what, how), ErrSignIn}
	}
	switch w.method {
	case ClientSecret:
		if w.secret.Empty() {
			return lacks("the application's secret", "set AZURE_CLIENT_SECRET")
		}
	case ClientCertificate:
		if w.cert == "" {
			return lacks("the application's certificate", "set AZURE_CLIENT_CERTIFICATE_PATH")
		}
	case DeviceCode:
		if o.Prompt == nil {
			return lacks("a person to show a code to", "set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET for a sign-in without one")
		}
		if w.clientID == "" && o.Cloud.Name == "china" {
			return lacks("an app registration of your own in this cloud", "name it with --client-id")
		}
		return nil
	case AzureCLI:
		return nil
	default:
		return &problem{fmt.Sprintf("unknown way to sign in %q", w.method), ErrSignIn}
	}
	if w.clientID == "" {
		return lacks("the application's id", "set AZURE_CLIENT_ID")
	}
	return nil
}

// services makes the credentials and the two services that use them.
func (w way) services(o Options, login, graph, exchange *api) (*service, *service, error) {
	g := &service{api: graph, clientID: w.clientID, readScopes: []string{o.Cloud.Graph + "/.default"}}
	e := &service{api: exchange, clientID: w.clientID, readScopes: []string{o.Cloud.Exchange + "/.default"}}
	if w.method == DeviceCode && w.clientID == "" {
		g.clientID, e.clientID = graphCommandLine, exchangePowerShell
		// ".default" gives this client what was consented to before and asks
		// for nothing more; naming the permissions asks.
		g.named, g.readScopes = true, named(o.Cloud.Graph, readPermissions())
	}
	for _, s := range []*service{g, e} {
		cred, err := w.credential(o, s, login)
		if err != nil {
			return nil, nil, err
		}
		s.cred, s.own = cred, []string{w.secret.Reveal(), w.certPass.Reveal()}
		if s.clientID == w.clientID {
			e.cred, e.own = s.cred, s.own // one sign-in serves both
			g.cred, g.own = s.cred, s.own
			break
		}
	}
	return g, e, nil
}

func (w way) credential(o Options, s *service, login *api) (azcore.TokenCredential, error) {
	options := clientOptions(login)
	switch w.method {
	case ClientSecret:
		return azidentity.NewClientSecretCredential(w.tenant, w.clientID, w.secret.Reveal(),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case ClientCertificate:
		return w.certificate(&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case AzureCLI:
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: w.tenant})
	}
	return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true,
		TenantID: w.tenant, ClientID: s.clientID, UserPrompt: s.prompt(o.Prompt),
	})
}

func (w way) certificate(options *azidentity.ClientCertificateCredentialOptions) (azcore.TokenCredential, error) {
	bad := func(what string) error {
		return &problem{fmt.Sprintf("certificate %s of AZURE_CLIENT_CERTIFICATE_PATH %s", w.cert, what), ErrSignIn}
	}
	data, err := os.ReadFile(filepath.Clean(w.cert))
	if err != nil {
		if pathErr, ok := errors.AsType[*os.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, bad("cannot be read: " + err.Error())
	}
	var password []byte
	if !w.certPass.Empty() {
		password = []byte(w.certPass.Reveal())
	}
	certs, key, err := azidentity.ParseCertificates(data, password)
	if err != nil {
		return nil, bad("and its private key cannot be used: they must be PEM or PKCS #12, the password in AZURE_CLIENT_CERTIFICATE_PASSWORD")
	}
	return azidentity.NewClientCertificateCredential(w.tenant, w.clientID, certs, key, options)
}

// readPermissions are the delegated permissions for reading all Graph facts.
func readPermissions() []string {
	var all []string
	for _, row := range fact.Table {
		if row.API == fact.APIGraph {
			all = appendNew(all, row.Read.Delegated...)
		}
	}
	return all
}
