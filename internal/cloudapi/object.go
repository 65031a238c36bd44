package cloudapi

import "strings"

// An Object is what a Get cmdlet returns for one thing: its properties.
type Object map[string]any

// Text is a property that is a string, "" when it is unset.
func (o Object) Text(property string) string {
	s, _ := o[property].(string)
	return s
}

// Flag is a boolean property, nil when it is unset. Some back ends send
// booleans as text.
func (o Object) Flag(property string) (*bool, error) {
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
	return nil, NoValue("a usable " + property)
}
