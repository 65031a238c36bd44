package cloudapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// Cmdlets run Exchange cmdlets over HTTP, as Microsoft's PowerShell module
// does.
type Cmdlets struct {
	client  *http.Client
	service *Service
	url     *url.URL
	tenant  string
}

// A cmdletAnswer is the body of a granted request.
type cmdletAnswer struct {
	Value  []Object
	Errors json.RawMessage `json:"@adminapi.errors"`
	Next   string          `json:"@odata.nextLink"`
}

// Cmdlets runs cmdlets in a tenant, with tokens for scopes. It is for the
// service Exchange alone.
func (s *Service) Cmdlets(tenantID string, scopes []string) *Cmdlets {
	return &Cmdlets{
		client:  s.Client(scopes),
		service: s,
		url:     s.root.JoinPath(fmt.Sprintf(invokePath, tenantID)),
		tenant:  tenantID,
	}
}

// Get runs a Get cmdlet for one object. identity is empty for what a tenant
// has once; with one there is never a second page.
func (c *Cmdlets) Get(ctx context.Context, cmdlet, identity string) (Object, error) {
	parameters := map[string]any{}
	if identity != "" {
		parameters["Identity"] = identity
	}
	got, err := c.invoke(ctx, cmdlet, parameters)
	if err != nil {
		return nil, err
	}
	if got.Next != "" {
		return nil, NoValue(fmt.Sprintf("one object of %s (but more than one page)", cmdlet))
	}
	if len(got.Value) != 1 {
		return nil, NoValue(fmt.Sprintf("one object of %s (but %d)", cmdlet, len(got.Value)))
	}
	return got.Value[0], nil
}

// Set runs a Set cmdlet. That it changed nothing, for the value stood already,
// is no error. Exchange grants a Set with no rows or with nothing at all.
func (c *Cmdlets) Set(ctx context.Context, cmdlet string, parameters map[string]any) error {
	_, err := c.invoke(ctx, cmdlet, parameters)
	if f, ok := errors.AsType[*Fault](err); ok && f.empty {
		return nil
	}
	return err
}

// A Listing is a Get cmdlet for all objects of a kind.
type Listing struct {
	Cmdlet     string
	Parameters map[string]any
	Properties []string // that the answer is to hold
}

// Page returns one page of a list, and the link to the next page, "" for the
// last. link is "" for the first page. A link that leads away from Exchange is
// a fault.
func (c *Cmdlets) Page(ctx context.Context, l Listing, link string) ([]Object, string, error) {
	at := *c.url
	at.RawQuery = "$select=" + strings.Join(l.Properties, ",")
	if link != "" {
		next, err := url.Parse(link)
		if err != nil {
			return nil, "", NoValue("a usable link to the next page")
		}
		at = *next
	}
	got, err := c.invokeAt(ctx, &at, l.Cmdlet, l.Parameters)
	if err != nil {
		return nil, "", err
	}
	if got.Value == nil {
		return nil, "", NoValue("a list")
	}
	return got.Value, got.Next, nil
}

func (c *Cmdlets) invoke(ctx context.Context, cmdlet string, parameters map[string]any) (cmdletAnswer, error) {
	return c.invokeAt(ctx, c.url, cmdlet, parameters)
}

// invokeAt posts a cmdlet. A front door may redirect to a region; the request
// goes there, for a redirect means that it was not carried out.
func (c *Cmdlets) invokeAt(ctx context.Context, at *url.URL, cmdlet string, parameters map[string]any) (cmdletAnswer, error) {
	body, err := json.Marshal(map[string]any{
		"CmdletInput": map[string]any{"CmdletName": cmdlet, "Parameters": parameters},
	})
	if err != nil {
		return cmdletAnswer{}, err
	}
	from := at
	for hop := 0; ; hop++ {
		resp, err := c.post(ctx, at, cmdlet, body)
		if err == nil {
			return readAnswer(resp)
		}
		f := AsFault(err)
		region, ok := c.region(f.location)
		if !ok || hop == maxRegions {
			return cmdletAnswer{}, c.naming(cmdlet, f)
		}
		region.RawQuery = from.RawQuery
		at = region
	}
}

// maxRegions is how many redirects one request may follow.
const maxRegions = 2

func (c *Cmdlets) post(ctx context.Context, at *url.URL, cmdlet string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	// The anchor depends on the caller, whom the token tells.
	if _, err := c.service.Token(ctx, c.service.ReadScopes); err != nil {
		return nil, err
	}
	for _, h := range []struct{ name, value string }{
		{"Content-Type", "application/json"},
		{"Accept", "application/json"},
		{"X-AnchorMailbox", c.anchor()},
		{"X-CmdletName", cmdlet},
		{"X-ResponseFormat", "json"},
		{"Prefer", "odata.maxpagesize=1000"},
		{"client-request-id", uuid.NewString()},
	} {
		req.Header.Set(h.name, h.value)
	}
	return c.client.Do(req)
}

// anchor routes the request to the servers that hold the tenant: by the person
// who is at home there, else by the tenant's own mailbox. A partner's
// administrator is at home elsewhere.
func (c *Cmdlets) anchor() string {
	if who := c.service.Claims(); who.delegated() && c.service.atHome(who.user()) {
		return "UPN:" + who.user()
	}
	return "APP:" + systemMailbox + "@" + c.tenant
}

// region is the address of the regional host behind a redirect. Of the host
// only the first label is taken, and only when the rest is Exchange's own
// domain: the token stays inside the cloud.
func (c *Cmdlets) region(location *url.URL) (*url.URL, bool) {
	if location == nil || location.Scheme != "https" {
		return nil, false
	}
	at := *c.url
	if strings.EqualFold(location.Host, at.Host) {
		at.Path = location.Path
		return &at, location.Path != c.url.Path
	}
	label, rest, _ := strings.Cut(location.Hostname(), ".")
	_, parent, _ := strings.Cut(at.Hostname(), ".")
	below := strings.EqualFold(rest, at.Hostname()) || within(rest, parent)
	if isAddress(at.Hostname()) || label == "" || !below {
		return nil, false
	}
	at.Host = label + "." + at.Host
	return &at, true
}

// within reports whether host is domain or lies below it; a domain of one
// label is none.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return strings.Contains(domain, ".") && (host == domain || strings.HasSuffix(host, "."+domain))
}

func readAnswer(resp *http.Response) (cmdletAnswer, error) {
	defer resp.Body.Close()
	var got cmdletAnswer
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return cmdletAnswer{}, AsFault(errNotJSON)
	}
	if words := errorWords(got.Errors); words != "" {
		return cmdletAnswer{}, &Fault{
			Kind: ErrRefused, What: "the cmdlet reported an error: " + words,
			Next: "follow its words", Uncertain: true,
		}
	}
	return got, nil
}

// errorWords reads the errors beside a granted answer, "" for none. They come
// as texts or as objects; of those the message counts, else the code.
func errorWords(raw json.RawMessage) string {
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		entries = []json.RawMessage{raw}
	}
	var words []string
	for _, entry := range entries {
		if len(entry) == 0 || string(entry) == "null" {
			continue
		}
		var text string
		var e struct{ Code, Message string }
		switch {
		case json.Unmarshal(entry, &text) == nil:
		case json.Unmarshal(entry, &e) == nil:
			text = cmp.Or(e.Message, e.Code)
		}
		words = append(words, cmp.Or(Clean(text), "one without words"))
	}
	return strings.Join(words, "; ")
}

// naming adds the cmdlet to a refusal: Exchange's mute 403 does not say what
// it refused.
func (c *Cmdlets) naming(cmdlet string, f *Fault) *Fault {
	if f.Kind != ErrPermission {
		return f
	}
	named := *f
	named.What = cmp.Or(f.What, "it refused") + ", for the cmdlet " + cmdlet
	return &named
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
