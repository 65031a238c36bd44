// Package secret keeps passwords and tokens from being printed by accident.
// It does not protect memory: a core dump still holds them.
package secret

import (
	"fmt"
	"log/slog"
)

// Mask is what is shown in place of a secret.
const Mask = "****"

// A Secret is a password, client secret or token. Printing, logging and
// marshalling show "****" with every verb; only Reveal gives the text.
type Secret struct{ text string }

// New wraps text.
func New(text string) Secret { return Secret{text} }

// Reveal returns the text, for the one place that sends it.
func (s Secret) Reveal() string { return s.text }

// Empty reports whether there is no text at all.
func (s Secret) Empty() bool { return s.text == "" }

// Format implements fmt.Formatter, so that no verb, %#v and %x included,
// reaches the field.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, Mask) }

// MarshalText implements encoding.TextMarshaler, which encoding/json uses too.
func (Secret) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(Mask) }
