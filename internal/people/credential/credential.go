// Package credential holds what proves who somebody is: passwords, one-time codes from an
// authenticator, codes printed on paper, and random tokens.
//
// It knows neither accounts nor the database; internal/people decides who may try what, how often,
// and stores what this package gives back. Nothing here is stored or logged in clear: a password
// becomes an argon2id hash, a short code a keyed hash, a long random token a plain hash, and an
// authenticator's secret is sealed.
//
// Start reading at [Keys] (what must stay secret on the server) and [Hasher] (passwords).
//
// Source: L-17; domain.md 0.4 (phones are forbidden inside an exam site).
package credential

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// MinSecret is the least length, in bytes, of the installation's secret.
const MinSecret = 32

// Keys are the keys derived from the installation's one secret, each for one purpose.
type Keys struct {
	codes []byte
	seal  cipher.AEAD
}

// NewKeys derives the keys from the installation's secret of at least [MinSecret] random bytes.
// The same secret gives the same keys; whoever has the database without it can neither guess
// printed codes nor read an authenticator's secret.
func NewKeys(secret []byte) (*Keys, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("the installation's secret has %d bytes, needs %d", len(secret), MinSecret)
	}
	codes, err := hkdf.Key(sha256.New, secret, nil, "bangvang people codes", 32)
	if err != nil {
		return nil, err
	}
	sealing, err := hkdf.Key(sha256.New, secret, nil, "bangvang people seal", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Keys{codes: codes, seal: aead}, nil
}

// Sum gives the keyed hash of a value that is short enough to be guessed, bound to its purpose and
// owner, as lower-case hex: the same code of another account has another sum.
func (k *Keys) Sum(purpose, owner, value string) string {
	mac := hmac.New(sha256.New, k.codes)
	for _, part := range []string{purpose, owner, value} {
		fmt.Fprintf(mac, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// Seal encrypts a text for one owner; [Keys.Open] gives it back only for the same owner.
func (k *Keys) Seal(owner, plain string) string {
	nonce := make([]byte, k.seal.NonceSize())
	rand.Read(nonce) // never fails: crypto/rand stops the program instead
	return base64.RawStdEncoding.EncodeToString(k.seal.Seal(nonce, nonce, []byte(plain), []byte(owner)))
}

// Fingerprint gives the keyed check value by which another secret is told from this one.
func (k *Keys) Fingerprint() string { return k.Sum("installation secret", "", "") }

var errSealed = errors.New("sealed value cannot be opened: another secret, another owner, or damaged")

// Open gives back what [Keys.Seal] encrypted for owner.
func (k *Keys) Open(owner, sealed string) (string, error) {
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < k.seal.NonceSize() {
		return "", errSealed
	}
	n := k.seal.NonceSize()
	plain, err := k.seal.Open(nil, raw[:n], raw[n:], []byte(owner))
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}

// NewToken gives 256 random bits as text that is safe in a cookie, an address and a header.
func NewToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// TokenSum is what is stored of a token from [NewToken]: a plain hash is enough, because nobody can
// try 2^256 values.
func TokenSum(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
