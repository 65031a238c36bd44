package secret

import "os"

// Withhold takes variables out of this process's environment, so that no child
// inherits them, and returns what os.LookupEnv would have without that. What
// the system shows of the process's start is not changed.
func Withhold(names ...string) func(string) (string, bool) {
	withheld := map[string]string{}
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			withheld[name] = value
			os.Unsetenv(name)
		}
	}
	return func(name string) (string, bool) {
		if value, ok := withheld[name]; ok {
			return value, true
		}
		return os.LookupEnv(name)
	}
}
