package credential

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// alphabet of codes that people copy from paper: nothing in it looks like something else in it, in
// print or in handwriting (no 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V).
const alphabet = "ACEFHJKMNPRTWXY34679"

// codeLen characters give 20^8 values, 34 bits: enough for a second factor that is throttled, and
// short enough to type between two bells.
const codeLen = 8

// NewCode gives a random code for printing, "XXXX-XXXX", in letters and digits without look-alikes.
func NewCode() string {
	var b strings.Builder
	size := big.NewInt(int64(len(alphabet)))
	for i := range codeLen {
		if i == codeLen/2 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, size)
		if err != nil {
			panic(err) // crypto/rand never fails: it stops the program instead
		}
		b.WriteByte(alphabet[n.Int64()])
	}
	return b.String()
}

// CleanCode gives what was typed the form that codes are hashed in: capitals, without spaces,
// dashes and dots. It tells false when that cannot be a code.
func CleanCode(typed string) (string, bool) {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case strings.ContainsRune(" -–.\t ", r):
		case r < 128 && strings.IndexByte(alphabet, byte(r)) >= 0:
			b.WriteRune(r)
		default:
			return "", false
		}
		if b.Len() > codeLen {
			return "", false
		}
	}
	return b.String(), b.Len() == codeLen
}
