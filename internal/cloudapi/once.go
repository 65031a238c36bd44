package cloudapi

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// once remembers the tokens of a credential that does not: az is a program that
// needs a second for each.
type once struct {
	cred azcore.TokenCredential

	mu   sync.Mutex
	have map[string]azcore.AccessToken // by scopes
}

// nearEnd is how long before its end a token is no longer handed out.
const nearEnd = 5 * time.Minute

// GetToken implements azcore.TokenCredential.
func (c *once) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := strings.Join(o.Scopes, " ")
	if got, ok := c.have[key]; ok && o.Claims == "" && time.Until(got.ExpiresOn) > nearEnd {
		return got, nil
	}
	got, err := c.cred.GetToken(ctx, o)
	if err == nil {
		if c.have == nil {
			c.have = map[string]azcore.AccessToken{}
		}
		c.have[key] = got
	}
	return got, err
}

// forget has the next token asked for anew.
func (c *once) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.have = nil
}
