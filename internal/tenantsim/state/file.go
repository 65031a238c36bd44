package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Load reads a state file. What the file leaves out is as in Default; lists
// are replaced as a whole. Every error names the file and the key.
func Load(path string) (*State, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("state file: %w", err)
	}
	s, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", path, err)
	}
	return s, nil
}

// Parse reads a state from JSON, as Load does.
func Parse(data []byte) (*State, error) {
	s := Default()
	var given struct {
		Org struct {
			AuthPolicies json.RawMessage `json:"auth_policies"`
		} `json:"organisation"`
		Users, Apps json.RawMessage
	}
	if err := json.Unmarshal(data, &given); err != nil {
		return nil, decodeError(data, err)
	}
	// Without this the old entries would shine through the new ones.
	if given.Users != nil {
		s.Users = nil
	}
	if given.Apps != nil {
		s.Apps = nil
	}
	if given.Org.AuthPolicies != nil {
		s.Org.AuthPolicies = nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, decodeError(data, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON object")
	}
	for i := range s.Users {
		s.Users[i].complete(i)
	}
	return s, s.Validate()
}

// complete fills in what an entry of the state file leaves out.
func (u *User) complete(i int) {
	base := newUser(fmt.Sprintf("3f5c9f0a-52f5-4f0e-8f0a-%012d", i+1), "", "")
	for _, f := range []struct{ to, from *string }{
		{&u.ID, &base.ID}, {&u.SMTPAuth, &base.SMTPAuth}, {&u.PerUserMFA, &base.PerUserMFA},
		{&u.Account, &base.Account}, {&u.Licence, &base.Licence}, {&u.Kind, &base.Kind},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
}

func decodeError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("not valid JSON (line %d): %w", line, err)
	case errors.As(err, &kind):
		return fmt.Errorf("key %q must not be a %s", kind.Field, kind.Value)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// Write writes the state as a state file, readable by its owner alone.
func (s *State) Write(path string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}
