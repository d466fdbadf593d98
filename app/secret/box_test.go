package secret

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"pgregory.net/rapid"

	"hookline/models"
)

func freshBox(t testing.TB) *Box {
	t.Helper()
	text, err := newKey()
	require.NoError(t, err)
	box, err := Load(text, "", false)
	require.NoError(t, err)
	return box
}

// D4: what is sealed opens again, in its place and nowhere else (promise 6).
func TestBoxOpensOnlyInItsPlaceD4(t *testing.T) {
	box := freshBox(t)
	rapid.Check(t, func(t *rapid.T) {
		clear := rapid.String().Draw(t, "clear")
		place := rapid.String().Draw(t, "place")
		other := rapid.String().Filter(func(s string) bool { return s != place }).Draw(t, "other")

		sealed, err := box.Seal(clear, place)
		require.NoError(t, err)
		opened, err := box.Open(sealed, place)
		require.NoError(t, err)
		require.Equal(t, clear, opened)

		_, err = box.Open(sealed, other)
		require.ErrorIs(t, err, ErrCannotOpen)
	})
}

// Promise 6: a sealed value that was swapped or changed does not open, and the
// error says nothing of it.
func TestBoxRefusesSwappedAndChangedValues(t *testing.T) {
	box := freshBox(t)
	sealed, err := box.Seal("canary-7f3a", HeaderValue("wh_1", "X-Api-Key"))
	require.NoError(t, err)

	for name, place := range map[string]string{
		"another webhook": HeaderValue("wh_2", "X-Api-Key"),
		"another header":  HeaderValue("wh_1", "X-Other"),
		"another field":   SigningKey("wh_1"),
	} {
		_, err := box.Open(sealed, place)
		require.ErrorIs(t, err, ErrCannotOpen, name)
		require.NotContains(t, err.Error(), "canary")
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		_, err := box.Open(changed, HeaderValue("wh_1", "X-Api-Key"))
		require.ErrorIs(t, err, ErrCannotOpen, "byte %d", i)
	}
	_, err = box.Open(nil, HeaderValue("wh_1", "X-Api-Key"))
	require.ErrorIs(t, err, ErrCannotOpen)
}

func TestPlacesOfSecrets(t *testing.T) {
	require.Equal(t, "webhooks/wh_1/signing_key", SigningKey("wh_1"))
	require.Equal(t, "webhooks/wh_1/headers/x-api-key", HeaderValue("wh_1", "X-API-Key"))
	// A header cannot be named so that it shares the signing key's place.
	require.NotEqual(t, SigningKey("wh_1"), HeaderValue("wh_1", "signing_key"))
}

// The database accepts the output of a box: models.Sealed refuses to store
// bytes that are not marked as ciphertext.
func TestSealedValuesMayBeStored(t *testing.T) {
	sealed, err := freshBox(t).Seal("", "x")
	require.NoError(t, err)
	require.Equal(t, byte(0x01), sealed[0])
	stored, err := sealed.Value()
	require.NoError(t, err)
	require.Equal(t, []byte(sealed), stored)
}

// twoKeyRing is an old ring with a new primary key added, as rotation makes it.
func twoKeyRing(t *testing.T, old string) string {
	t.Helper()
	ring, err := decode(old)
	require.NoError(t, err)
	manager := keyset.NewManagerFromHandle(ring)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	require.NoError(t, manager.SetPrimary(id))
	ring, err = manager.Handle()
	require.NoError(t, err)
	text, err := encode(ring)
	require.NoError(t, err)
	return text
}

func TestRingOpensWithAnyOfItsKeys(t *testing.T) {
	text, err := newKey()
	require.NoError(t, err)
	before, err := Load(text, "", false)
	require.NoError(t, err)
	after, err := Load(twoKeyRing(t, text), "", false)
	require.NoError(t, err)
	require.NotEqual(t, before.Fingerprint(), after.Fingerprint())

	sealedBefore, err := before.Seal("old", "p")
	require.NoError(t, err)
	clear, err := after.Open(sealedBefore, "p")
	require.NoError(t, err)
	require.Equal(t, "old", clear)

	sealedAfter, err := after.Seal("new", "p")
	require.NoError(t, err)
	_, err = before.Open(sealedAfter, "p")
	require.ErrorIs(t, err, ErrCannotOpen, "the new key seals")
}

// Promise 8: a key that does not fit the database is noticed at start.
func TestProbeTellsTheRightKeyFromAWrongOne(t *testing.T) {
	text, err := newKey()
	require.NoError(t, err)
	box, err := Load(text, "", false)
	require.NoError(t, err)
	probe, err := box.NewProbe()
	require.NoError(t, err)
	require.NoError(t, box.CheckProbe(probe))

	rotated, err := Load(twoKeyRing(t, text), "", false)
	require.NoError(t, err)
	require.NoError(t, rotated.CheckProbe(probe), "a ring that still holds the key fits")

	other := freshBox(t)
	require.EqualError(t, other.CheckProbe(probe),
		"the master key does not fit this database: its secrets are sealed with key "+box.Fingerprint()+
			", the key given is "+other.Fingerprint())
	const damaged = "the master key does not fit this database: the probe stored with it does not open"
	require.EqualError(t, box.CheckProbe(nil), damaged)
	require.EqualError(t, box.CheckProbe(append(bytes.Clone(probe), 0)), damaged)

	misplaced, err := box.Seal(probeText, "elsewhere")
	require.NoError(t, err)
	require.EqualError(t, box.CheckProbe(misplaced), damaged)
}

// Values of different keys with the same number must not pass either.
func TestProbeWithForgedKeyNumber(t *testing.T) {
	box, other := freshBox(t), freshBox(t)
	probe, err := other.NewProbe()
	require.NoError(t, err)
	own, err := box.NewProbe()
	require.NoError(t, err)
	forged := append(models.Sealed(bytes.Clone(own[:5])), probe[5:]...)
	require.Error(t, box.CheckProbe(forged))
}

// A ring whose output bears no mark would make values the database refuses;
// better to say so at start.
func TestRingWithoutMarkIsRefused(t *testing.T) {
	template := aead.AES256GCMNoPrefixKeyTemplate()
	ring, err := keyset.NewHandle(template)
	require.NoError(t, err)
	var raw bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(ring, keyset.NewBinaryWriter(&raw)))
	_, err = Load(base64.StdEncoding.EncodeToString(raw.Bytes()), "", false)
	require.EqualError(t, err, "the master key's primary key must have the output prefix TINK")
}
