package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost is the work one password check takes. Raise it as machines get faster: hashes made with a
// lower cost are renewed when their owner logs in next.
type Cost struct {
	MemoryKiB uint32 // memory one check fills
	Passes    uint32
	Lanes     uint8
}

// DefaultCost takes about 50 ms on the machine of a small office and lies above the least that the
// argon2id recommendation of OWASP accepts (19 MiB, 2 passes).
var DefaultCost = Cost{MemoryKiB: 32 << 10, Passes: 3, Lanes: 1}

const (
	saltLen = 16
	hashLen = 32
	// longest password looked at; more would only be a way to keep the machine busy
	maxPassword = 200
	// MinPassword is the least number of characters of a password.
	MinPassword = 10
)

// A Hasher makes and checks password hashes. It lets only as many run at a time as there are
// processors, so that a storm of log-ins cannot take all the memory.
type Hasher struct {
	cost  Cost
	gate  chan struct{}
	dummy string
}

// NewHasher gives a hasher of the given cost; the zero Cost means [DefaultCost].
func NewHasher(cost Cost) *Hasher {
	if cost == (Cost{}) {
		cost = DefaultCost
	}
	h := &Hasher{cost: cost, gate: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	h.dummy = encode(cost, make([]byte, saltLen), make([]byte, hashLen))
	return h
}

// Hash gives the argon2id hash of a password in the usual text form
// ("$argon2id$v=19$m=…,t=…,p=…$salt$hash"). It waits for its turn until ctx ends.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	sum, err := h.derive(ctx, h.cost, salt, password)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, sum), nil
}

// Check tells whether password is the one that hash was made from, and whether the hash should be
// renewed because the cost was raised since. An empty hash (no such account, no password set yet)
// never matches and takes as long as any other.
func (h *Hasher) Check(ctx context.Context, hash, password string) (ok, renew bool, err error) {
	absent := hash == ""
	if absent {
		hash = h.dummy
	}
	cost, salt, want, err := decode(hash)
	if err != nil {
		return false, false, err
	}
	got, err := h.derive(ctx, cost, salt, password)
	if err != nil {
		return false, false, err
	}
	if subtle.ConstantTimeCompare(got, want) != 1 || absent {
		return false, false, nil
	}
	return true, cost != h.cost, nil
}

func (h *Hasher) derive(ctx context.Context, c Cost, salt []byte, password string) ([]byte, error) {
	if len(password) > 4*maxPassword {
		password = password[:4*maxPassword]
	}
	select {
	case h.gate <- struct{}{}:
		defer func() { <-h.gate }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Passes, c.MemoryKiB, c.Lanes, hashLen), nil
}

func encode(c Cost, salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, c.Lanes, b64(salt), b64(sum))
}

var errHash = errors.New("not an argon2id hash")

func decode(hash string) (c Cost, salt, sum []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Lanes); err != nil {
		return c, nil, nil, errHash
	}
	if c.Passes == 0 || c.Lanes == 0 || c.MemoryKiB > 4<<20 {
		return c, nil, nil, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, errHash
	}
	if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(sum) != hashLen {
		return c, nil, nil, errHash
	}
	return c, salt, sum, nil
}

// Weak says in Vietnamese why a password will not do, or "" when it will. known are words an
// attacker tries first: the username, the person's name, the unit's.
func Weak(password string, known ...string) string {
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return fmt.Sprintf("Mật khẩu cần ít nhất %d ký tự (đang có %d). Một câu ngắn dễ nhớ là tốt nhất.", MinPassword, n)
	case n > maxPassword:
		return fmt.Sprintf("Mật khẩu dài quá %d ký tự. Hãy chọn mật khẩu ngắn hơn.", maxPassword)
	}
	low := strings.ToLower(password)
	distinct := map[rune]bool{}
	for _, r := range low {
		distinct[r] = true
	}
	if len(distinct) < 5 {
		return "Mật khẩu lặp lại quá ít ký tự. Hãy chọn mật khẩu khác."
	}
	for _, w := range append(known, obvious...) {
		w = strings.ToLower(norm.NFC.String(strings.TrimSpace(w)))
		if len(w) >= 4 && strings.Contains(low, w) && utf8.RuneCountInString(low)-utf8.RuneCountInString(w) < 6 {
			return "Mật khẩu này dễ đoán (chứa tên đăng nhập, họ tên hoặc từ hay dùng). Hãy chọn mật khẩu khác."
		}
	}
	return ""
}

// obvious are the beginnings that guessing starts with.
var obvious = []string{"123456", "12345678", "abcdef", "qwerty", "password", "matkhau", "mật khẩu", "admin", "giaoduc", "tnthpt", "laichau", "bangvang", "111111", "000000"}
