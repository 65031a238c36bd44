package terminal

import "golang.org/x/sys/windows"

// ofUser are the languages in which Windows itself speaks to the user.
func ofUser() []string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return names
}
