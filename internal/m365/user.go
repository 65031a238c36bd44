package m365

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A directoryUser is a user as Graph sends it.
type directoryUser struct {
	ID                string
	UserPrincipalName string
	Mail              string
	ProxyAddresses    []string
	AccountEnabled    *bool
	UserType          json.RawMessage // null for users from before there were guests
}

// userProperties are left out by Graph unless they are selected.
const userProperties = "id,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,displayName"

func (u directoryUser) addresses() []string {
	return append([]string{u.UserPrincipalName, u.Mail}, mailAddresses(u.ProxyAddresses)...)
}

// primary are the addresses of which one is the mailbox's first.
func (u directoryUser) primary() []string {
	if u.Mail == "" {
		return []string{u.UserPrincipalName}
	}
	return []string{u.Mail}
}

// key names the user in a request.
func (u directoryUser) key() string { return cmp.Or(u.UserPrincipalName, u.ID) }

// guest reports whether the user is one, or may be: a kind that was not sent
// is not known.
func (u directoryUser) guest() bool {
	kind := string(u.UserType)
	return kind == "" || strings.EqualFold(kind, `"Guest"`) || strings.Contains(u.UserPrincipalName, "#EXT#")
}

// A foundUser is the user as Graph knows it.
type foundUser struct {
	fact.Object
	known bool // it need not be asked for again
	key   string
	// principal is the principal name, primary the addresses that a mailbox of
	// this user has first: mail, and the principal name where there is none.
	principal string
	primary   []string
}

// findUser looks for the user whose address was given. mailbox waits for what
// Exchange found, which is asked for only where Graph itself finds nothing.
func (r *reads) findUser(ctx context.Context, mailbox func() foundMailbox) foundUser {
	search := userSearch{reads: r}
	steps := []func() (*directoryUser, error){
		func() (*directoryUser, error) { return search.address(ctx, r.Tenant.mailbox) },
		func() (*directoryUser, error) { return search.principal(ctx, mailbox()) },
		func() (*directoryUser, error) { return search.address(ctx, withoutTag(r.Tenant.mailbox)) },
	}
	for _, step := range steps {
		user, err := step()
		if err != nil {
			return foundUser{Object: fact.Object{Err: err}, known: !mayPass(err)}
		}
		if user != nil {
			r.fresh = user
			return foundUser{known: true, key: user.key(), principal: user.UserPrincipalName, primary: user.primary(),
				Object: fact.Object{ID: strings.ToLower(user.ID), Name: cloudapi.Clean(user.key())}}
		}
	}
	return foundUser{Object: fact.Object{Err: search.nobody()}, known: !mayPass(mailbox().Err)}
}

// A userSearch goes from one way to find a user to the next. What is refused
// or finds nothing leads on; two hits, or a failure to answer, do not.
type userSearch struct {
	*reads
	refused *cloudapi.Fault // the first refusal
	other   string          // a user that was given and does not bear the address
}

func (s *userSearch) nobody() error {
	if s.other != "" {
		return notAmong(fact.APIGraph, s.Tenant.mailbox, s.other)
	}
	why := ""
	if s.refused != nil {
		why = " (" + s.refused.What + ")"
	}
	return cloudapi.Errorf(ErrRefused, "%s knows no user with the address %s%s; check the address, or the user's sign-in name in the Microsoft 365 admin centre",
		fact.APIGraph, s.Tenant.mailbox, why)
}

// address finds the user that bears the address.
func (s *userSearch) address(ctx context.Context, address string) (*directoryUser, error) {
	if address == "" {
		return nil, nil
	}
	literal := strings.ReplaceAll(address, "'", "''")
	for _, ask := range []func() ([]directoryUser, error){
		func() ([]directoryUser, error) { return s.byKey(ctx, address) },
		func() ([]directoryUser, error) {
			return s.filter(ctx, fmt.Sprintf("proxyAddresses/any(p:p eq 'smtp:%s')", literal))
		},
		func() ([]directoryUser, error) { return s.filter(ctx, fmt.Sprintf("mail eq '%s'", literal)) },
	} {
		hits, err := ask()
		if err != nil {
			return nil, s.explainUnknown("the user "+s.Tenant.mailbox, fact.UserAccount, err)
		}
		if len(hits) > 1 {
			return nil, s.several(hits)
		}
		for _, user := range hits {
			if within(user.addresses(), address) {
				return &user, nil
			}
			s.other = cloudapi.Clean(user.key())
		}
	}
	return nil, nil
}

// principal finds the user of the mailbox that Exchange has proven, by the
// principal name that Exchange knows.
func (s *userSearch) principal(ctx context.Context, m foundMailbox) (*directoryUser, error) {
	if m.principal == "" || sameAddress(m.principal, s.Tenant.mailbox) || m.Err != nil && m.object != nil {
		return nil, nil
	}
	hits, err := s.byKey(ctx, m.principal)
	if err != nil {
		return nil, s.explainUnknown("the user "+m.principal, fact.UserAccount, err)
	}
	for _, user := range hits {
		if sameAddress(user.UserPrincipalName, m.principal) {
			return &user, nil
		}
	}
	return nil, nil
}

func (s *userSearch) several(hits []directoryUser) error {
	var names []string
	for _, user := range hits {
		names = append(names, cloudapi.Clean(user.key()))
	}
	return cloudapi.Errorf(errNoMore, "%s knows %d users by the address %s: %s; the address must be taken from all but one of them",
		fact.APIGraph, len(hits), s.Tenant.mailbox, strings.Join(names, ", "))
}

func (s *userSearch) byKey(ctx context.Context, key string) ([]directoryUser, error) {
	user, err := s.fetchUser(ctx, key)
	if err != nil {
		return nil, s.passOver(err)
	}
	return []directoryUser{user}, nil
}

func (s *userSearch) filter(ctx context.Context, filter string) ([]directoryUser, error) {
	hits, err := pages[directoryUser](ctx, s.graph, s.graph.get("/users?$select="+userProperties+"{&%24filter}", map[string]string{"%24filter": filter}))
	if err != nil {
		return nil, s.passOver(err)
	}
	for _, user := range hits {
		if user.key() == "" {
			return nil, cloudapi.NoValue("the user's id")
		}
	}
	return hits, nil
}

// leadsOn are the statuses of a refusal that leaves the next way open: there is
// no such user, or no such way to ask.
var leadsOn = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}

// passOver returns nil for a refusal that leaves the next way open.
func (s *userSearch) passOver(err error) error {
	f := cloudapi.AsFault(err)
	if !slices.Contains(leadsOn, f.Status) {
		return err
	}
	if s.refused == nil {
		s.refused = f
	}
	return nil
}

// fetchUser asks for one user by id or principal name.
func (r *reads) fetchUser(ctx context.Context, key string) (directoryUser, error) {
	var user directoryUser
	request := r.graph.get("/users/{user%2Did}?$select="+userProperties, map[string]string{"user%2Did": key})
	if err := r.graph.raw(ctx, request, &user); err != nil {
		return directoryUser{}, err
	}
	if user.ID == "" {
		return directoryUser{}, cloudapi.NoValue("the user's id")
	}
	return user, nil
}

// theUser is the user as it is now.
func (r *reads) theUser(ctx context.Context) (directoryUser, error) {
	key, err := r.userKey()
	if err != nil {
		return directoryUser{}, err
	}
	if r.fresh != nil {
		return *r.fresh, nil
	}
	user, err := r.fetchUser(ctx, key)
	if err != nil {
		return directoryUser{}, &unproven{r.explainUnknown("the user "+r.Tenant.mailbox, fact.UserAccount, err)}
	}
	if !strings.EqualFold(user.ID, r.who().user.ID) {
		err = &unproven{notAmong(fact.APIGraph, r.Tenant.mailbox, cloudapi.Clean(user.key()))}
	}
	return user, err
}

// userKey names the user in a request, where it is proven who that is.
func (r *reads) userKey() (string, error) {
	s := r.who()
	switch {
	case s.err != nil:
		return "", &unproven{s.err}
	case s.user.Err != nil:
		return "", &unproven{s.user.Err}
	}
	return s.user.key, nil
}
