package cloudapi

import (
	"cmp"

	"smtpmend/internal/secret"
)

// A Method is a way to sign in.
type Method string

// The ways to sign in.
const (
	Browser           Method = "browser"            // a person, at the browser of this machine
	DeviceCode        Method = "device-code"        // a person, at any browser
	ClientSecret      Method = "client-secret"      // an application with its secret
	ClientCertificate Method = "client-certificate" // an application with its certificate
	AzureCLI          Method = "azure-cli"          // whoever the az program is signed in as
)

// Methods lists the ways to sign in.
func Methods() []Method {
	return []Method{Browser, DeviceCode, ClientSecret, ClientCertificate, AzureCLI}
}

// A DevicePrompt asks the person to sign in: to open URL in a browser and enter
// Code, or at the page that the browser of this machine shows.
type DevicePrompt struct {
	API  string // what the sign-in is for: Graph or Exchange
	Host string // of the sign-in service, with its port if it has one
	URL  string
	Code string // "" with Browser
	// Browser: the page is being opened, and its answer comes to this program.
	Browser bool
	// Instead is why there is a code although a browser would be the better
	// way, "" where the code was asked for.
	Instead string
}

// Microsoft's own public clients. Each is allowed to use one of the two APIs,
// so without an app registration of one's own there are two sign-ins. The
// first does not exist in the cloud "china".
const (
	graphCommandLine   = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
	exchangePowerShell = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
)

// grant chooses the method and collects its parts from options and environment.
// Its ClientID is empty where Microsoft's clients are meant.
func (o Options) grant() (Grant, error) {
	g := Grant{
		Method:              o.Auth,
		ClientID:            cmp.Or(o.ClientID, o.env("AZURE_CLIENT_ID")),
		Secret:              secret.New(o.env("AZURE_CLIENT_SECRET")),
		Certificate:         o.env("AZURE_CLIENT_CERTIFICATE_PATH"),
		CertificatePassword: secret.New(o.env("AZURE_CLIENT_CERTIFICATE_PASSWORD")),
		Prompt:              o.Prompt,
		Called:              Names{}.filled(),
	}
	switch {
	case g.Method != "":
	case g.ClientID != "" && !g.Secret.Empty():
		g.Method = ClientSecret
	case g.ClientID != "" && g.Certificate != "":
		g.Method = ClientCertificate
	case thisDesktop(o.Env).certain():
		g.Method = Browser
	default:
		g.Method, g.Instead = DeviceCode, thisDesktop(o.Env).why()
	}
	checked := g
	if g.public() {
		if o.Cloud.OwnClient {
			return g, Errorf(ErrSignIn, "sign-in by %s needs an app registration of your own in this cloud: name it with --client-id", g.Method)
		}
		checked.ClientID = graphCommandLine
	}
	return g, checked.check()
}

// public reports whether Microsoft's own clients serve: a person signs in, and
// named no other.
func (g Grant) public() bool {
	return g.ClientID == "" && (g.Method == Browser || g.Method == DeviceCode)
}

func (o Options) env(name string) string {
	if o.Env == nil {
		return ""
	}
	value, _ := o.Env(name)
	return value
}

// anyTenant is whose authority a person is sent to where no tenant is named:
// that of the account which signs in.
const anyTenant = "organizations"

// credentials makes the credentials of both services. Without a tenant the
// sign-in of a person tells it.
func (s *Session) credentials(tenantID string) error {
	cloud, graph, exchange := s.o.Cloud, s.Graph, s.Exchange
	g := s.grant
	if g.TenantID = tenantID; tenantID == "" && g.Method != AzureCLI {
		g.TenantID = anyTenant
	}
	graph.ReadScopes = []string{cloud.Graph + "/.default"}
	exchange.ReadScopes = []string{cloud.Exchange + "/.default"}
	if !g.public() {
		g.For = Graph + " and " + Exchange
		cred, err := s.authority.Credential(g) // one sign-in serves both
		graph.cred, exchange.cred = cred, cred
		return err
	}
	// ".default" gives this client what was consented to before and asks
	// for nothing more; naming the permissions asks.
	graph.named, graph.ReadScopes = true, named(cloud.Graph, s.o.Permissions)
	for _, service := range []struct {
		*Service
		client string
	}{{graph, graphCommandLine}, {exchange, exchangePowerShell}} {
		g.ClientID, g.For = service.client, service.Name
		cred, err := s.authority.Credential(g)
		if err != nil {
			return err
		}
		service.cred = cred
	}
	return nil
}
