package models

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
)

// Mask stands where a secret is, and in input means: keep the one you have.
const Mask = "***"

// Sealed is an encrypted secret as it lies in the database. It prints, logs and
// marshals as a mask. Only app/secret makes and opens one.
type Sealed []byte

// ciphertextVersion is the first byte of everything tink's AEAD keysets emit,
// and no text that a person types starts with it.
const ciphertextVersion = 0x01

// looksSealed reports whether the bytes can be ciphertext.
func (s Sealed) looksSealed() bool { return len(s) > 5 && s[0] == ciphertextVersion }

func (s Sealed) String() string               { return Mask }
func (s Sealed) GoString() string             { return Mask }
func (s Sealed) LogValue() slog.Value         { return slog.StringValue(Mask) }
func (s Sealed) MarshalJSON() ([]byte, error) { return []byte(`"` + Mask + `"`), nil }

// Format keeps every fmt verb, %x and %v alike, from printing the bytes.
func (s Sealed) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Mask)) }

// UnmarshalJSON refuses: input carries clear values, which app/secret seals.
func (s *Sealed) UnmarshalJSON([]byte) error {
	return errors.New("a sealed value cannot be read from JSON")
}

// Value refuses to store anything that is not ciphertext, so that no code path
// can write a secret in clear.
func (s Sealed) Value() (driver.Value, error) {
	if len(s) == 0 {
		return nil, nil
	}
	if !s.looksSealed() {
		return nil, errors.New("refusing to store a secret that is not sealed")
	}
	return []byte(s), nil
}

// Scan reads ciphertext from the database.
func (s *Sealed) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = nil
	case []byte:
		*s = append(Sealed(nil), v...)
	default:
		return fmt.Errorf("cannot read a sealed value from %T", src)
	}
	return nil
}
