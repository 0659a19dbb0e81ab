package accounts

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

const (
	// minPassword is in characters. NIST SP 800-63B asks for 8, and for no
	// rules about digits or capitals.
	minPassword = 8
	// maxPasswordBytes is bcrypt's: it does not look at what is behind.
	maxPasswordBytes = 72
	// maxName is the most bytes of a name, and of a key.
	maxName = 200
)

var (
	// ErrPassword is for a password that cannot be used. The text of the
	// error that wraps it says why; it does not say the password.
	ErrPassword = errors.New("this password cannot be used")
	// ErrName is for a name or a key that cannot be kept. The caller has
	// rules of its own; these keep the file readable.
	ErrName = fmt.Errorf("a name must be UTF-8 and have 1 to %d bytes", maxName)
)

func checkPassword(password string) error {
	if utf8.RuneCountInString(password) < minPassword {
		return fmt.Errorf("%w: it needs %d characters or more", ErrPassword, minPassword)
	}
	if len(password) > maxPasswordBytes {
		return fmt.Errorf("%w: it has %d bytes, and %d are the most", ErrPassword, len(password), maxPasswordBytes)
	}
	return nil
}

func checkName(name string) error {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		return ErrName
	}
	return nil
}
