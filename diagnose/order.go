package diagnose

import "smtpmend/diagnose/catalogue"

// StandsBehind reports whether a refusal for cause shows that the sign-in got
// past front: cause comes later in the order of the sign-in, or is met only
// once the sign-in was accepted.
func StandsBehind(cause, front catalogue.Code) bool {
	c, at := row(cause), row(front).Step
	return at != catalogue.NoStep && (c.AfterSignIn() || c.Step > at)
}
