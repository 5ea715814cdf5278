package credential

import (
	"crypto/subtle"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

const totpPeriod = 30 // seconds, what every authenticator app assumes

// NewTOTP gives the secret of a new authenticator, in the base32 letters that people can type.
func NewTOTP() (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "x", AccountName: "x", SecretSize: 20})
	if err != nil {
		return "", fmt.Errorf("make authenticator secret: %w", err)
	}
	return key.Secret(), nil
}

// CheckTOTP tells whether code is what the authenticator shows at now, one step earlier or later
// allowed for clocks that differ, and at which step. A step not after last was used before and is
// refused: keep the step it returns, the library does not stop replay.
func CheckTOTP(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	current := now.Unix() / totpPeriod
	for s := current - 1; s <= current+1; s++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false
		}
		if s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// TOTPAddress is what the square code contains: the otpauth address of a secret for one account.
func TOTPAddress(issuer, account, secret string) (string, error) {
	address := fmt.Sprintf("otpauth://totp/%s:%s?algorithm=SHA1&digits=6&issuer=%s&period=%d&secret=%s",
		pathEscape(issuer), pathEscape(account), pathEscape(issuer), totpPeriod, secret)
	if _, err := otp.NewKeyFromURL(address); err != nil {
		return "", err
	}
	return address, nil
}

// QR draws text as a square code in SVG, black on white with its quiet zone on any ground, so that
// no picture has to be fetched and no script run.
func QR(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw square code: %w", err)
	}
	const quiet = 4
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size && dark(code.At(x+run, y).RGBA()) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	side := size + 2*quiet
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" width="232" height="232" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		template.HTMLEscapeString(label), side, side, side, side, path.String())), nil
}

func dark(r, _, _, _ uint32) bool { return r < 0x8000 }

func pathEscape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
