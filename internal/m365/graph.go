package m365

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiota "github.com/microsoft/kiota-http-go"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go-core"

	"smtpmend/internal/cloudapi"
)

// A graphClient sends requests that the SDK's builders make. Beneath it lies
// an api, so the SDK sees only answers from 200 to 299 with JSON or nothing in
// them: none of its own errors, retries, redirects and compression comes into
// play.
type graphClient struct {
	abstractions.RequestAdapter
	v1   string // root of the API
	beta string // root of the preview API, which the SDK's builders do not know
}

// graph returns a client whose token is for scopes.
func newGraph(s *cloudapi.Service, scopes []string) (*graphClient, error) {
	client := s.Client(scopes)
	// The builders write "%24filter"; this turns the names into "$filter".
	client.Transport = kiota.NewCustomTransportWithParentTransport(client.Transport, kiota.NewParametersNameDecodingHandler())
	adapter, err := msgraphgocore.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, msgraphgocore.GraphClientOptions{},
		jsonserialization.NewJsonParseNodeFactory(), jsonserialization.NewJsonSerializationWriterFactory(), client)
	if err != nil {
		return nil, err
	}
	v1 := s.Root() + "/v1.0"
	adapter.SetBaseUrl(v1)
	return &graphClient{adapter, v1, s.Root() + "/beta"}, nil
}

// get is a request for what lies at a path of the API, a URI template with its
// parameters.
func (g *graphClient) get(path string, parameters map[string]string) *abstractions.RequestInformation {
	return newRequest(abstractions.GET, g.v1, path, parameters)
}

// betaRequest is a request to the preview API.
func (g *graphClient) betaRequest(method abstractions.HttpMethod, path string, parameters map[string]string) *abstractions.RequestInformation {
	return newRequest(method, g.beta, path, parameters)
}

// newRequest has a variable of its own for the root: the adapter overwrites
// "baseurl" with the root of v1.0, without a word.
func newRequest(method abstractions.HttpMethod, root, path string, parameters map[string]string) *abstractions.RequestInformation {
	if parameters == nil {
		parameters = map[string]string{}
	}
	parameters["root"] = root
	info := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(method, "{+root}"+path, parameters)
	info.Headers.TryAdd("Accept", "application/json")
	return info
}

// raw decodes the answer to a request into v by encoding/json. It is for what
// the SDK's models do not know, or know wrongly.
func (g *graphClient) raw(ctx context.Context, request *abstractions.RequestInformation, v any) error {
	data, err := g.SendPrimitive(ctx, request, "[]byte", nil)
	if err != nil {
		return err
	}
	body, ok := data.([]byte)
	if !ok {
		return cloudapi.NoValue("its body")
	}
	return json.Unmarshal(body, v)
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// maxPages bounds a list. Tenants hold a few hundred policies at most, and
// users a few hundred groups, at a hundred a page.
const maxPages = 50

// An aPage is a page of a list. An entry that is null is none.
type aPage[T any] struct {
	Value []*T
	Next  string `json:"@odata.nextLink"`
}

// page reads the first page of a list.
func page[T any](ctx context.Context, g *graphClient, request *abstractions.RequestInformation) ([]T, error) {
	list, _, err := onePage[T](ctx, g, request)
	return list, err
}

func onePage[T any](ctx context.Context, g *graphClient, request *abstractions.RequestInformation) ([]T, string, error) {
	var got aPage[T]
	if err := g.raw(ctx, request, &got); err != nil {
		return nil, "", err
	}
	if got.Value == nil {
		return nil, "", cloudapi.NoValue("a list")
	}
	list := make([]T, 0, len(got.Value))
	for _, entry := range got.Value {
		if entry == nil {
			return nil, "", cloudapi.NoValue("each entry of the list")
		}
		list = append(list, *entry)
	}
	return list, got.Next, nil
}

// pages reads a whole list.
func pages[T any](ctx context.Context, g *graphClient, request *abstractions.RequestInformation) ([]T, error) {
	var all []T
	for range maxPages {
		list, link, err := onePage[T](ctx, g, request)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if link == "" {
			return all, nil
		}
		next, err := url.Parse(link)
		if err != nil {
			return nil, cloudapi.NoValue("a usable link to the next page")
		}
		request = abstractions.NewRequestInformation()
		request.Method = abstractions.GET
		request.SetUri(*next)
		request.Headers.TryAdd("Accept", "application/json")
	}
	return nil, cloudapi.NoValue(fmt.Sprintf("an end of the list after %d pages", maxPages))
}
