package m365

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

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
	root := strings.TrimSuffix(s.Root(), "/")
	adapter.SetBaseUrl(root + "/v1.0")
	return &graphClient{adapter, root + "/beta"}, nil
}

// betaRequest is a request to the preview API. Its template has a variable of
// its own for the root: the adapter overwrites "baseurl" with the root of
// v1.0, without a word.
func (g *graphClient) betaRequest(method abstractions.HttpMethod, path string, parameters map[string]string) *abstractions.RequestInformation {
	if parameters == nil {
		parameters = map[string]string{}
	}
	parameters["betaurl"] = g.beta
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(method, "{+betaurl}"+path, parameters)
	request.Headers.TryAdd("Accept", "application/json")
	return request
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

// pages reads a whole list.
func pages[T any](ctx context.Context, g *graphClient, request *abstractions.RequestInformation) ([]T, error) {
	var all []T
	for range maxPages {
		var page struct {
			Value []T
			Next  string `json:"@odata.nextLink"`
		}
		if err := g.raw(ctx, request, &page); err != nil {
			return nil, err
		}
		if page.Value == nil {
			return nil, cloudapi.NoValue("a list")
		}
		all = append(all, page.Value...)
		if page.Next == "" {
			return all, nil
		}
		next, err := url.Parse(page.Next)
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
