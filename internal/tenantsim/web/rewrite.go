package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// rewrite changes the JSON object in the body; an answer without one stays as
// it is.
func (a Answer) rewrite(change func(map[string]any)) Answer {
	var body map[string]any
	if json.Unmarshal(a.Body, &body) != nil {
		return a
	}
	change(body)
	changed := JSON(a.Status, body)
	changed.Header = a.Header
	return changed
}

// walk calls visit for each key of the objects in v, the inner ones first.
func walk(v any, visit func(object map[string]any, key string)) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			walk(element, visit)
		}
	case map[string]any:
		for key, value := range maps.Clone(v) {
			walk(value, visit)
			visit(v, key)
		}
	}
}

func dropKey(key string) func(map[string]any) {
	return func(body map[string]any) {
		walk(body, func(object map[string]any, k string) {
			if k == key {
				delete(object, k)
			}
		})
	}
}

func mistypeKey(key string) func(map[string]any) {
	return func(body map[string]any) {
		walk(body, func(object map[string]any, k string) {
			if k == key {
				object[k] = mistype(object[k])
			}
		})
	}
}

// mistypeAll leaves annotations alone, and the list that holds the objects.
func mistypeAll(body map[string]any) {
	walk(body, func(object map[string]any, k string) {
		if list, ok := object[k].([]any); ok && k == "value" && len(list) > 0 || strings.Contains(k, "@") {
			return
		}
		object[k] = mistype(object[k])
	})
}

// mistype is a value of a type that v's property never has.
func mistype(v any) any {
	switch v.(type) {
	case bool:
		return "perhaps"
	case string, nil:
		return 7
	}
	return "text"
}

// goOnAt says that there is more, at that address.
func goOnAt(address string) func(map[string]any) {
	return func(body map[string]any) {
		if _, ok := body["value"].([]any); ok {
			body["@odata.nextLink"] = address
		}
	}
}

// onePerPage leaves one element of the list; where there are more the rest is
// behind the next link.
func (c *Call) onePerPage(body map[string]any) {
	list, _ := body["value"].([]any)
	if len(list) < 2 {
		return
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(c.Query.Get("$skiptoken"), "page-"))
	n = min(max(n, 0), len(list)-1)
	body["value"] = list[n : n+1]
	if n+1 < len(list) {
		query := maps.Clone(c.Query)
		query.Set("$skiptoken", fmt.Sprintf("page-%d", n+1))
		body["@odata.nextLink"] = "https://" + c.Host + c.api.Root + c.Path + "?" + query.Encode()
	}
}
