package secret

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// KeyFile is the master key's name in the data folder.
const KeyFile = "master.key"

// ErrNoKey says that there is no master key where one was looked for.
var ErrNoKey = errors.New("there is no master key")

// Load returns the box for the master key that ref names: the file master.key
// in dataDir when ref is empty, the file PATH for file:PATH, else ref itself is
// the key, in base64. With create, a missing master.key is made, once: of two
// processes that start at the same time both get the same key. A file named
// with file:PATH is never made, since there a missing file is a typing error or
// a mount that did not come up, and a new key would hide it.
//
// Every error is one sentence for the operator and holds nothing of the key;
// errors.Is(err, ErrNoKey) when there is none.
func Load(ref, dataDir string, create bool) (*Box, error) {
	text, err := find(strings.TrimSpace(ref), dataDir, create)
	if err != nil {
		return nil, err
	}
	ring, err := decode(text)
	if err != nil {
		return nil, err
	}
	return newBox(ring)
}

func find(ref, dataDir string, create bool) (string, error) {
	if path, isFile := strings.CutPrefix(ref, "file:"); isFile {
		return readKeyFile(path)
	}
	if ref != "" {
		return ref, nil
	}
	path := filepath.Join(dataDir, KeyFile)
	text, err := readKeyFile(path)
	if !create || !errors.Is(err, ErrNoKey) {
		return text, err
	}
	fresh, err := newKey()
	if err != nil {
		return "", err
	}
	if err := writeOnce(path, fresh); err != nil {
		return "", fmt.Errorf("cannot make the master key file %s: %w", path, err)
	}
	// The file on disk counts: another process may have been first.
	return readKeyFile(path)
}

// newKey makes a ring with one AES-256-GCM key whose output is marked TINK.
func newKey() (string, error) {
	ring, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", errors.New("cannot make a master key")
	}
	return encode(ring)
}

func encode(ring *keyset.Handle) (string, error) {
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(ring, keyset.NewBinaryWriter(&out)); err != nil {
		return "", errors.New("cannot write the master key")
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

// decode reads a ring from base64, tink's JSON and binary forms alike, so that
// a ring made with tink's own tools works too. The libraries' errors are not
// passed on: they may quote what they could not read.
func decode(text string) (*keyset.Handle, error) {
	raw, err := fromBase64(text)
	if err != nil || len(raw) == 0 {
		return nil, errors.New("the master key is not valid base64 text; to name a file, write file:PATH")
	}
	var reader keyset.Reader = keyset.NewBinaryReader(bytes.NewReader(raw))
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		reader = keyset.NewJSONReader(bytes.NewReader(raw))
	}
	ring, err := insecurecleartextkeyset.Read(reader)
	if err != nil {
		return nil, errors.New("the master key is valid base64 but no tink key set; it may be cut short")
	}
	return ring, nil
}

// fromBase64 takes both alphabets, with or without padding and line breaks:
// whatever a secret store or a terminal made of the text.
func fromBase64(text string) ([]byte, error) {
	text = strings.Join(strings.Fields(text), "")
	text = strings.TrimRight(text, "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	return base64.RawStdEncoding.DecodeString(text)
}
