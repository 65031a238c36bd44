package m365

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

func (r *reads) mailboxSMTP(context.Context) (fact.Reading, error) {
	mailbox, err := r.own(r.casMailbox())
	if err != nil {
		return fact.Reading{}, err
	}
	value, err := smtpAuth(mailbox)
	return fact.Reading{Value: value}, err
}

func (t *Tenant) setMailboxSMTP(ctx context.Context, scopes []string, value string) error {
	identity, _ := t.proven()
	return t.exchange.Cmdlets(t.id, scopes).Set(ctx, "Set-CASMailbox", map[string]any{
		"Identity": identity, smtpDisabled: smtpAuthProperty(value),
	})
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

// legacyTLS is an opt-in: a switch that was never set, null, is off.
func (r *reads) legacyTLS(context.Context) (fact.Reading, error) {
	config, err := r.transport()
	if err != nil {
		return fact.Reading{}, err
	}
	on, err := config.Flag("AllowLegacyTLSClients")
	if err != nil {
		return fact.Reading{}, err
	}
	return fact.Reading{Value: onOff(deref(on))}, nil
}

func (r *reads) kind(context.Context) (fact.Reading, error) {
	got := r.mailboxObject()
	if got.absent() {
		return fact.Reading{Value: fact.None, Detail: cloudapi.AsFault(got.err).What}, nil
	}
	mailbox, err := r.own(got)
	if err != nil {
		return fact.Reading{}, err
	}
	details, err := mailbox.Text("RecipientTypeDetails")
	if err == nil && details == "" {
		err = cloudapi.NoValue("RecipientTypeDetails")
	}
	if err != nil {
		return fact.Reading{}, err
	}
	return fact.Reading{Value: mailboxKind(details), Detail: cloudapi.Clean(details)}, nil
}

// authPolicy finds the policy in effect: the user's, else the organisation's
// default. Where there is neither, nothing blocks.
func (r *reads) authPolicy(ctx context.Context) (fact.Reading, error) {
	user, err := r.own(r.exchangeUser())
	if err != nil {
		return fact.Reading{}, err
	}
	identity, err := user.Text("AuthenticationPolicy")
	origin := "assigned to the user"
	if err == nil && identity == "" {
		var config cloudapi.Object
		if config, err = r.organisation(); err != nil {
			return fact.Reading{}, err
		}
		identity, err = config.Text("DefaultAuthenticationPolicy")
		origin = "the organisation's default"
	}
	switch {
	case err != nil:
		return fact.Reading{}, err
	case identity == "":
		return fact.Reading{Value: "allow", Detail: "no authentication policy applies"}, nil
	}
	return r.policyReading(ctx, identity, origin)
}

func (r *reads) policyReading(ctx context.Context, identity, origin string) (fact.Reading, error) {
	name := commonName(identity)
	policy, err := r.authenticationPolicy(ctx, name)
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoSuchObject && name != identity {
		policy, err = r.authenticationPolicy(ctx, identity)
	}
	if err != nil {
		return fact.Reading{}, err
	}
	allowed, err := policy.Flag("AllowBasicAuthSmtp")
	if err != nil || allowed == nil {
		return fact.Reading{}, cloudapi.NoValue("AllowBasicAuthSmtp of the policy " + cloudapi.Clean(name))
	}
	value := "block"
	if *allowed {
		value = "allow"
	}
	return fact.Reading{Value: value, Detail: fmt.Sprintf("%s (%s)", cloudapi.Clean(name), origin)}, nil
}

func (r *reads) authenticationPolicy(ctx context.Context, identity string) (cloudapi.Object, error) {
	return once(r, func(w *wide) *remembered[cloudapi.Object] { return w.authenticationPolicy(identity) },
		func() (cloudapi.Object, error) { return r.cmdlets.Get(ctx, "Get-AuthenticationPolicy", identity) })
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
