package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"

	"bangvang/internal/base/clock"
)

// Cookies are scoped to the office's path, so that public pages never see one (architecture §2).
// That rules out the name prefix __Host-, which wants the path "/"; over https they have __Secure-.
func (o *Office) cookieName(name string) string {
	if o.Secure {
		return "__Secure-bangvang-" + name
	}
	return "bangvang-" + name
}

func (o *Office) sessionCookie() string { return o.cookieName("phien") }

func (o *Office) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	age := int(life / time.Second)
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/quan-tri", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: o.Secure})
}

func cookieValue(r *http.Request, name string) string {
	k, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return k.Value
}

// Token gives the session token the browser sent, "" when none.
func (c *Ctx) Token() string { return c.token }

// Session gives what is known of the session; zero when nobody is logged in.
func (c *Ctx) Session() SessionInfo { return c.session }

// LogIn makes the browser keep a new session's token until the browser is closed.
func (c *Ctx) LogIn(token string) { c.office.setCookie(c.W, c.office.sessionCookie(), token, 0) }

// LogOut makes the browser forget the session's token.
func (c *Ctx) LogOut() { c.office.setCookie(c.W, c.office.sessionCookie(), "", 0) }

// Remember makes the browser keep a value for the office pages, such as the device mark that the
// login throttle knows a returning browser by. An empty value forgets it.
func (c *Ctx) Remember(name, value string, life time.Duration) {
	c.office.setCookie(c.W, c.office.cookieName(name), value, life)
}

// Remembered gives a value kept by [Ctx.Remember], "" when none.
func (c *Ctx) Remembered(name string) string { return cookieValue(c.R, c.office.cookieName(name)) }

// Secret gives a key, 32 bytes in base64, that the browser can seal what it keeps with. Only pages of
// this installation shown to the same person give it out again for the same purpose; with
// untilLogout only those of the same session, so that what was sealed cannot be read once it ends.
func (c *Ctx) Secret(purpose string, untilLogout bool) string {
	m := hmac.New(sha256.New, c.office.Key)
	parts := []string{"secret", purpose, c.Actor().Person}
	if untilLogout {
		parts = append(parts, c.session.ID)
	}
	m.Write([]byte(strings.Join(parts, "\n")))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// flashLife is how long a flash message waits for the page that shows it.
const flashLife = time.Minute

// setFlash leaves a message for the next page in a signed cookie: saying that something was saved
// must not itself need a save.
func (c *Ctx) setFlash(text string) {
	if text == "" {
		return
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(c.office.Clock.Millis()+flashLife.Milliseconds()))
	b = append(b, cut(text, 600)...)
	c.office.setCookie(c.W, c.office.cookieName("tin"), base64.RawURLEncoding.EncodeToString(append(b, c.office.sign(b)...)), flashLife)
}

// takeFlash gives the message left by the page before and forgets it.
func (c *Ctx) takeFlash() string {
	name := c.office.cookieName("tin")
	value := cookieValue(c.R, name)
	if value == "" {
		return ""
	}
	c.office.setCookie(c.W, name, "", 0)
	b, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(b) < 8+sha256.Size {
		return ""
	}
	b, mac := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if !hmac.Equal(mac, c.office.sign(b)) || c.office.Clock.Now().After(clock.FromMillis(int64(binary.BigEndian.Uint64(b)))) {
		return ""
	}
	return string(b[8:])
}

func (o *Office) sign(b []byte) []byte {
	m := hmac.New(sha256.New, o.Key)
	m.Write([]byte("flash\n"))
	m.Write(b)
	return m.Sum(nil)
}

func cut(s string, runes int) string {
	n := 0
	for i := range s {
		if n == runes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
