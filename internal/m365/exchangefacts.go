package m365

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

func (r *reads) mailboxSMTP(ctx context.Context) (fact.Reading, error) {
	mailbox, err := r.cmdlets.Get(ctx, "Get-CASMailbox", r.mailbox)
	if err != nil {
		return fact.Reading{}, err
	}
	value, err := smtpAuth(mailbox)
	return fact.Reading{Value: value}, err
}

func (r *reads) organisationSMTP(context.Context) (fact.Reading, error) {
	config, err := r.transport()
	if err != nil {
		return fact.Reading{}, err
	}
	value, err := smtpAuth(config)
	if value == inherit {
		return fact.Reading{}, cloudapi.NoValue("the organisation's switch for authenticated SMTP")
	}
	return fact.Reading{Value: value}, err
}

func (r *reads) legacyTLS(context.Context) (fact.Reading, error) {
	config, err := r.transport()
	if err != nil {
		return fact.Reading{}, err
	}
	on, err := config.Flag("AllowLegacyTLSClients")
	if err == nil && on == nil {
		err = cloudapi.NoValue("AllowLegacyTLSClients")
	}
	if err != nil {
		return fact.Reading{}, err
	}
	return fact.Reading{Value: onOff(*on)}, nil
}

func (r *reads) kind(ctx context.Context) (fact.Reading, error) {
	mailbox, err := r.cmdlets.Get(ctx, "Get-Mailbox", r.mailbox)
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoSuchObject {
		return fact.Reading{Value: fact.None, Detail: f.What}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	details := mailbox.Text("RecipientTypeDetails")
	if details == "" {
		return fact.Reading{}, cloudapi.NoValue("RecipientTypeDetails")
	}
	for _, k := range mailboxKinds {
		if k.exchange == details {
			return fact.Reading{Value: k.kind, Detail: details}, nil
		}
	}
	return fact.Reading{Value: "other", Detail: cloudapi.Clean(details)}, nil
}

// authPolicy finds the policy in effect: the user's, else the organisation's
// default. Where there is neither, nothing blocks.
func (r *reads) authPolicy(ctx context.Context) (fact.Reading, error) {
	user, err := r.cmdlets.Get(ctx, "Get-User", r.mailbox)
	if err != nil {
		return fact.Reading{}, err
	}
	identity, origin := user.Text("AuthenticationPolicy"), "assigned to the user"
	if identity == "" {
		config, err := r.organisation()
		if err != nil {
			return fact.Reading{}, err
		}
		identity, origin = config.Text("DefaultAuthenticationPolicy"), "the organisation's default"
	}
	if identity == "" {
		return fact.Reading{Value: "allow", Detail: "no authentication policy applies"}, nil
	}
	return r.policyReading(ctx, identity, origin)
}

func (r *reads) policyReading(ctx context.Context, identity, origin string) (fact.Reading, error) {
	name := commonName(identity)
	policy, err := r.cmdlets.Get(ctx, "Get-AuthenticationPolicy", name)
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoSuchObject && name != identity {
		policy, err = r.cmdlets.Get(ctx, "Get-AuthenticationPolicy", identity)
	}
	if err != nil {
		return fact.Reading{}, err
	}
	allowed, err := policy.Flag("AllowBasicAuthSmtp")
	if err == nil && allowed == nil {
		err = cloudapi.NoValue("AllowBasicAuthSmtp of the policy " + cloudapi.Clean(name))
	}
	if err != nil {
		return fact.Reading{}, err
	}
	value := "block"
	if *allowed {
		value = "allow"
	}
	return fact.Reading{Value: value, Detail: fmt.Sprintf("%s (%s)", cloudapi.Clean(name), origin)}, nil
}

// commonName takes the name out of a distinguished name; anything else comes
// back as it is.
func commonName(identity string) string {
	rest, ok := strings.CutPrefix(identity, "CN=")
	if !ok {
		return identity
	}
	var name strings.Builder
	for i := 0; i < len(rest) && rest[i] != ','; i++ {
		if rest[i] == '\\' && i+1 < len(rest) {
			i++
		}
		name.WriteByte(rest[i])
	}
	return name.String()
}
