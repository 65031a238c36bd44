package cloudapi

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

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
	API  string // what the sign-in is for: Graph or Exchange
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
	clientID string
	secret   secret.Secret
	cert     string // path
	certPass secret.Secret
}

// way chooses the method and collects its parts from options and environment.
func (o Options) way() (way, error) {
	w := way{
		method:   o.Auth,
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
		return Errorf(ErrSignIn, "sign-in by %s needs %s: %s", w.method, what, how)
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
		return Errorf(ErrSignIn, "unknown way to sign in %q", w.method)
	}
	if w.clientID == "" {
		return lacks("the application's id", "set AZURE_CLIENT_ID")
	}
	return nil
}

// credentials makes the credentials of both services.
func (s *Session) credentials(tenantID string) error {
	w, cloud, g, e := s.way, s.o.Cloud, s.Graph, s.Exchange
	g.clientID, g.ReadScopes = w.clientID, []string{cloud.Graph + "/.default"}
	e.clientID, e.ReadScopes = w.clientID, []string{cloud.Exchange + "/.default"}
	if w.method == DeviceCode && w.clientID == "" {
		g.clientID, e.clientID = graphCommandLine, exchangePowerShell
		// ".default" gives this client what was consented to before and asks
		// for nothing more; naming the permissions asks.
		g.named, g.ReadScopes = true, named(cloud.Graph, s.o.Permissions)
	}
	for _, service := range []*Service{g, e} {
		cred, err := s.credential(service, tenantID)
		if err != nil {
			return err
		}
		service.cred, service.own = cred, []string{w.secret.Reveal(), w.certPass.Reveal()}
		if service.clientID == w.clientID {
			e.cred, e.own = service.cred, service.own // one sign-in serves both
			break
		}
	}
	return nil
}

func (s *Session) credential(service *Service, tenantID string) (azcore.TokenCredential, error) {
	w, options := s.way, clientOptions(s.login)
	switch w.method {
	case ClientSecret:
		return azidentity.NewClientSecretCredential(tenantID, w.clientID, w.secret.Reveal(),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case ClientCertificate:
		return w.certificate(tenantID, &azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case AzureCLI:
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: tenantID})
	}
	return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true,
		TenantID: tenantID, ClientID: service.clientID, UserPrompt: service.prompt(s.o.Prompt),
	})
}

func (w way) certificate(tenantID string, options *azidentity.ClientCertificateCredentialOptions) (azcore.TokenCredential, error) {
	bad := func(what string) error {
		return Errorf(ErrSignIn, "certificate %s of AZURE_CLIENT_CERTIFICATE_PATH %s", w.cert, what)
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
	return azidentity.NewClientCertificateCredential(tenantID, w.clientID, certs, key, options)
}
