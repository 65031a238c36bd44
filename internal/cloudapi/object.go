package cloudapi

import "strings"

// An Object is what a Get cmdlet returns for one thing: its properties. A
// property that is not there, or of another type, is never read as a value.
type Object map[string]any

// Text is a property that is a string, "" when it is null.
func (o Object) Text(property string) (string, error) {
	switch v, there := o[property]; v := v.(type) {
	case string:
		return v, nil
	case nil:
		if there {
			return "", nil
		}
	}
	return "", o.lacks(property)
}

// Flag is a boolean property, nil when it is null. Some back ends send
// booleans as text.
func (o Object) Flag(property string) (*bool, error) {
	switch v, there := o[property]; v := v.(type) {
	case nil:
		if there {
			return nil, nil
		}
	case bool:
		return &v, nil
	case string:
		if b := strings.EqualFold(v, "true"); b || strings.EqualFold(v, "false") {
			return &b, nil
		}
	}
	return nil, o.lacks(property)
}

func (o Object) lacks(property string) *Fault {
	if _, there := o[property]; !there {
		return NoValue(property)
	}
	return NoValue("a usable " + property)
}
