package cloudapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// NoSuchObject is the code of a fault: Exchange's word for a mailbox, user or policy that is not there.
const NoSuchObject = "ManagementObjectNotFoundException"

// PageExpired is the code of a fault: the list has to be begun again.
const PageExpired = "PageExpired"

const checkName = "check the mailbox's name and the tenant"

// An apiError is the body of a refusal, at Graph and at Exchange alike. Bodies
// without code or message exist, and so do bodies of another shape: every part
// may be empty.
type apiError struct {
	Error struct {
		Code    string
		Message string
		Details []struct {
			Message string
		}
		InnerError struct {
			InternalException struct {
				Message string
				Type    string
			}
		}
	}
}

// parseError never fails: a body that is no JSON, or other JSON, is an error
// without words.
func parseError(body []byte) apiError {
	var e apiError
	if json.Unmarshal(body, &e) != nil {
		return apiError{}
	}
	return e
}

// graphRefusal says what a status from 400 of Graph means.
func graphRefusal(ans answer) *Fault {
	e := parseError(ans.body).Error
	words := quote(Clean(e.Code, ans.token), Clean(e.Message, ans.token))
	if ans.status >= 500 {
		return serverFault(ans.status, words)
	}
	f := refused(ans.status, words)
	f.Code = e.Code
	switch {
	case ans.status == http.StatusUnauthorized && strings.Contains(e.Message, "InvalidCloudInstance"):
		f.Next = "the tenant belongs to another cloud: choose it with --cloud"
	}
	return f
}

// exchangeRefusal says what a status from 400 of InvokeCommand means. The kind
// of exception says more than the status: some back ends answer 500 for what
// others answer 404.
func exchangeRefusal(ans answer) *Fault {
	e := parseError(ans.body).Error
	text := e.Message
	if inner := e.InnerError.InternalException; inner.Message != "" && !strings.Contains(inner.Type, "DirectInvoke") {
		text = inner.Message
	}
	exception := e.InnerError.InternalException.Type
	if len(e.Details) > 0 {
		exception, text = splitDetail(e.Details[0].Message)
	}
	words := quote(Clean(e.Code, ans.token), Clean(text, ans.token))
	switch all := exception + " " + text; {
	case strings.Contains(exception, NoSuchObject):
		return &Fault{Kind: ErrRefused, What: "it knows no such object: " + words, Next: checkName, Code: NoSuchObject, Status: ans.status}
	case strings.Contains(all+e.Message, pageExpired):
		return &Fault{Kind: ErrRefused, What: "it no longer knows the page: " + words, Next: "try again", Code: PageExpired, Status: ans.status}
	case containsAny(all, exchangeTransient):
		return serverFault(ans.status, words)
	case containsAny(all, exchangeNoRole):
		return &Fault{Kind: ErrPermission, What: "it refused: " + words, Code: e.Code, Status: ans.status}
	case ans.status >= 500:
		return serverFault(ans.status, words)
	}
	f := refused(ans.status, words)
	f.Code = e.Code
	if ans.status == http.StatusUnauthorized {
		// Exchange answers so to a valid token without app role or directory role.
		f.Kind = ErrPermission
	}
	return f
}

// refused is the fault of a status from 400 to 499.
func refused(status int, words string) *Fault {
	f := &Fault{Kind: ErrRefused, What: fmt.Sprintf("it refused with status %d", status), Status: status}
	if words == "" {
		f.What += " and no reason"
	} else {
		f.What += " (" + words + ")"
	}
	switch status {
	case http.StatusUnauthorized:
		f.Kind = ErrSignIn
	case http.StatusForbidden:
		f.Kind = ErrPermission
	case http.StatusNotFound:
		f.Next = checkName
	default:
		f.Next = "this is not expected of " + Graph + " or " + Exchange + ": report it with these words"
	}
	return f
}

// splitDetail reads "ErrorId|ExceptionType|text", or an exception as JSON.
func splitDetail(detail string) (exception, text string) {
	if parts := strings.SplitN(detail, "|", 3); len(parts) == 3 {
		return parts[1], parts[2]
	}
	var e struct{ ClassName, Message string }
	if json.Unmarshal([]byte(detail), &e) == nil && e.Message != "" {
		return e.ClassName, e.Message
	}
	return "", detail
}

func quote(code, text string) string {
	switch {
	case text == "":
		return code
	case code == "":
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%s: %q", code, text)
}

func containsAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
