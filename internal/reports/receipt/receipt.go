// Package receipt makes the short code that tells a site its report has arrived: "KQHT-7M4P", shown on
// the screen, written into the duty room's log and said on the telephone.
//
// The code follows from the report's id, its content and a secret of the installation: who holds the
// same report gets the same code again and again, and nobody makes one up. One letter of the eight
// checks the others, so a letter heard or written wrongly, and two letters swapped, are noticed on the
// spot. Whether a well-formed code belongs to a report is for [Verify] to say.
//
// Source: architecture.md 8; domain.md 6.5.
package receipt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// alphabet is what can be told apart by eye and by ear. By eye: no 0 O D, 1 I L J, 2 Z, 5 S, 8 B, 6 G,
// U V, E. By ear, spelled the Vietnamese way on a poor line: no M beside N, no B D G V beside P and T,
// and no vowels, so no code is a word. The length is a prime: see check.
const alphabet = "34679CFHKMPQRTWXY"

// length is how many letters a code has, the last one being the check.
const length = 8

// Code gives the receipt of a report: id as the sender made it, content its Report.Content.
func Code(secret []byte, id string, content [sha256.Size]byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("bangvang receipt\x00" + id + "\x00"))
	mac.Write(content[:])
	n := binary.BigEndian.Uint64(mac.Sum(nil)) // 64 bits over 29: no letter is likelier by more than 2^-35
	code := make([]byte, length)
	for i := range length - 1 {
		code[i] = alphabet[n%uint64(len(alphabet))]
		n /= uint64(len(alphabet))
	}
	for _, last := range []byte(alphabet) {
		if code[length-1] = last; check(string(code)) == 0 {
			break
		}
	}
	return string(code[:4]) + "-" + string(code[4:])
}

// check is 0 for a code in order. Each place has a weight of its own, and the sum is taken modulo a
// prime, so any one wrong letter and any two letters in each other's place leave a remainder.
func check(code string) int {
	sum := 0
	for i := range len(code) {
		sum += (i + 1) * strings.IndexByte(alphabet, code[i])
	}
	return sum % len(alphabet)
}

// Parse gives a code in its usual form, whatever case, spaces and dashes it was typed with.
//
// It returns fault.Invalid when it is no code: a letter that none has, too short or too long, or the
// check letter does not agree.
func Parse(typed string) (string, error) {
	code := strings.NewReplacer(" ", "", "-", "", ".", "").Replace(strings.ToUpper(text.Fold(text.CleanInput(typed))))
	if i := strings.IndexFunc(code, func(r rune) bool { return !strings.ContainsRune(alphabet, r) }); i >= 0 {
		return "", fault.New(fault.Invalid, "Mã biên nhận “%s” có ký tự không dùng trong mã. Hãy nghe hoặc xem lại rồi nhập lại.", text.Excerpt(typed, 20))
	}
	if len(code) != length {
		return "", fault.New(fault.Invalid, "Mã biên nhận có 8 chữ và số, ví dụ KQHT-7M4P; “%s” có %d. Hãy nhập lại.", text.Excerpt(typed, 20), len(code))
	}
	if check(code) != 0 {
		return "", fault.New(fault.Invalid, "Mã biên nhận “%s” có chữ bị nhầm hoặc đổi chỗ. Hãy nghe hoặc xem lại rồi nhập lại.", text.Excerpt(typed, 20))
	}
	return code[:4] + "-" + code[4:], nil
}

// Verify tells whether what was typed is the receipt of that report.
func Verify(secret []byte, id string, content [sha256.Size]byte, typed string) bool {
	code, err := Parse(typed)
	return err == nil && hmac.Equal([]byte(code), []byte(Code(secret, id, content)))
}

// letters are what the letters and digits of a code are called on the telephone.
var letters = map[byte]string{'3': "ba", '4': "bốn", '6': "sáu", '7': "bảy", '9': "chín", 'C': "xê", 'F': "ép", 'H': "hát", 'K': "ca", 'M': "em mờ", 'P': "pê",
	'Q': "quy", 'R': "e rờ", 'T': "tê", 'W': "vê kép", 'X': "ích", 'Y': "i dài"}

// Aloud gives a code as it is read out: "ca, quy, hát, tê; bảy, em mờ, bốn, pê". What is no code comes
// back as it is.
func Aloud(code string) string {
	whole, err := Parse(code)
	if err != nil {
		return code
	}
	said := make([]string, 0, length)
	for _, r := range []byte(whole) {
		if r != '-' {
			said = append(said, letters[r])
		}
	}
	return strings.Join(said[:length/2], ", ") + "; " + strings.Join(said[length/2:], ", ")
}
