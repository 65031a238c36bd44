package listen

import (
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
)

// fromField lists the addresses of a message's From field, as far as they can
// be made out: what devices write there is often no valid field.
func fromField(message string) []string {
	value := field(message, "From:")
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{
		CharsetReader: func(_ string, r io.Reader) (io.Reader, error) { return r, nil }, // names do not matter
	}}
	var all []string
	if list, err := parser.ParseList(value); err == nil {
		for _, a := range list {
			all = append(all, a.Address)
		}
		return all
	}
	for _, m := range inAngles.FindAllStringSubmatch(value, -1) {
		all = append(all, m[1])
	}
	if all == nil {
		all = bareAddress.FindAllString(value, -1)
	}
	return all
}

var (
	inAngles    = regexp.MustCompile(`<([^<>\s]+@[^<>\s]+)>`)
	bareAddress = regexp.MustCompile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+`)
)

// field is the unfolded value of the first field of that name, whatever else
// stands in the header.
func field(message, name string) string {
	var value strings.Builder
	found := false
	for line := range strings.Lines(message) {
		text := strings.TrimRight(line, "\r\n")
		switch {
		case text == "":
			return value.String()
		case found && (text[0] == ' ' || text[0] == '\t'):
			value.WriteString(text)
		case found:
			return value.String()
		case len(text) >= len(name) && strings.EqualFold(text[:len(name)], name):
			found = true
			value.WriteString(text[len(name):])
		}
	}
	return value.String()
}
