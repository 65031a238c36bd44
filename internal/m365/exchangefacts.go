package m365

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpmend/internal/fact"
)

func (r *reads) mailboxSMTP(ctx context.Context) (fact.Reading, error) {
	mailbox, err := r.cmdlets.get(ctx, "Get-CASMailbox", r.mailbox)
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
		return fact.Reading{}, noValue("the organisation's switch for authenticated SMTP")
	}
	return fact.Reading{Value: value}, err
}

func (r *reads) legacyTLS(context.Context) (fact.Reading, error) {
	config, err := r.transport()
	if err != nil {
		return fact.Reading{}, err
	}
	on, err := config.flag("AllowLegacyTLSClients")
	if err == nil && on == nil {
		err = noValue("AllowLegacyTLSClients")
	}
	if err != nil {
		return fact.Reading{}, err
	}
	return fact.Reading{Value: onOff(*on)}, nil
}

func (r *reads) kind(ctx context.Context) (fact.Reading, error) {
	mailbox, err := r.cmdlets.get(ctx, "Get-Mailbox", r.mailbox)
	if f, ok := errors.AsType[*fault](err); ok && f.code == codeNoObject {
		return fact.Reading{Value: fact.None, Detail: f.what}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	details := mailbox.text("RecipientTypeDetails")
	if details == "" {
		return fact.Reading{}, noValue("RecipientTypeDetails")
	}
	for _, k := range mailboxKinds {
		if k.exchange == details {
			return fact.Reading{Value: k.kind, Detail: details}, nil
		}
	}
	return fact.Reading{Value: "other", Detail: clean(details)}, nil
}

// authPolicy finds the policy in effect: the user's, else the organisation's
// default. Where there is neither, nothing blocks.
func (r *reads) authPolicy(ctx context.Context) (fact.Reading, error) {
	user, err := r.cmdlets.get(ctx, "Get-User", r.mailbox)
	if err != nil {
		return fact.Reading{}, err
	}
	identity, origin := user.text("AuthenticationPolicy"), "assigned to the user"
	if identity == "" {
		config, err := r.organisation()
		if err != nil {
			return fact.Reading{}, err
		}
		identity, origin = config.text("DefaultAuthenticationPolicy"), "the organisation's default"
	}
	if identity == "" {
		return fact.Reading{Value: "allow", Detail: "no authentication policy applies"}, nil
	}
	return r.policyReading(ctx, identity, origin)
}

func (r *reads) policyReading(ctx context.Context, identity, origin string) (fact.Reading, error) {
	name := commonName(identity)
	policy, err := r.cmdlets.get(ctx, "Get-AuthenticationPolicy", name)
	if f, ok := errors.AsType[*fault](err); ok && f.code == codeNoObject && name != identity {
		policy, err = r.cmdlets.get(ctx, "Get-AuthenticationPolicy", identity)
	}
	if err != nil {
		return fact.Reading{}, err
	}
	allowed, err := policy.flag("AllowBasicAuthSmtp")
	if err == nil && allowed == nil {
		err = noValue("AllowBasicAuthSmtp of the policy " + clean(name))
	}
	if err != nil {
		return fact.Reading{}, err
	}
	value := "block"
	if *allowed {
		value = "allow"
	}
	return fact.Reading{Value: value, Detail: fmt.Sprintf("%s (%s)", clean(name), origin)}, nil
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

// text is a property that is a string, "" when it is unset.
func (o object) text(property string) string {
	s, _ := o[property].(string)
	return s
}

// flag is a boolean property, nil when it is unset. Some back ends send
// booleans as text.
func (o object) flag(property string) (*bool, error) {
	switch v := o[property].(type) {
	case nil:
		return nil, nil
	case bool:
		return &v, nil
	case string:
		if b := strings.EqualFold(v, "true"); b || strings.EqualFold(v, "false") {
			return &b, nil
		}
		if v == "" {
			return nil, nil
		}
	}
	return nil, noValue("a usable " + property)
}
