package credential_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"bangvang/internal/people/credential"
)

var cheap = credential.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}

func TestPasswordHashes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := credential.NewHasher(cheap)
	hash, err := h.Hash(ctx, "con đường đến trường")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, hash, password string
		ok                   bool
	}{
		{"the right password", hash, "con đường đến trường", true},
		{"the same password typed as decomposed characters", hash, "con đường đến trường", true},
		{"another password", hash, "con đường đến trườn", false},
		{"no password set", "", "", false},
		{"an unknown account, whatever is typed", "", "con đường đến trường", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ok, renew, err := h.Check(ctx, c.hash, c.password)
			if ok != c.ok || renew || err != nil {
				t.Errorf("got %v, renew %v, %v", ok, renew, err)
			}
		})
	}
}

func TestARaisedCostAsksForRenewal(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	old, err := credential.NewHasher(cheap).Hash(ctx, "mùa thi 2021")
	if err != nil {
		t.Fatal(err)
	}
	dearer := credential.NewHasher(credential.Cost{MemoryKiB: 128, Passes: 2, Lanes: 1})
	ok, renew, err := dearer.Check(ctx, old, "mùa thi 2021")
	if !ok || !renew || err != nil {
		t.Errorf("old hash: ok %v renew %v, %v", ok, renew, err)
	}
	if ok, renew, _ = dearer.Check(ctx, old, "mùa thi 2022"); ok || renew {
		t.Errorf("a wrong password asks for nothing: ok %v renew %v", ok, renew)
	}
}

func TestDamagedHashesAreErrorsNotMatches(t *testing.T) {
	t.Parallel()
	h := credential.NewHasher(cheap)
	for _, hash := range []string{"x", "$argon2id$v=19$m=64,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$2a$10$abcdefgh", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA"} {
		if ok, _, err := h.Check(context.Background(), hash, ""); ok || err == nil {
			t.Errorf("%q: ok %v, %v", hash, ok, err)
		}
	}
}

func TestWeakPasswords(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, password string
		weak           bool
	}{
		{"a short sentence", "mưa rào tháng bảy", false},
		{"ten random characters", "k7#mPq2xWz", false},
		{"nine characters", "k7#mPq2xW", true},
		{"the username and a year", "vanthu.so2021", true},
		{"the beginning everyone tries", "1234567890", true},
		{"one character repeated", "aaaaaaaaaaaaaa", true},
		{"a long one that only mentions a common word", "laichau có bảy huyện và một thành phố", false},
		{"longer than is ever typed", strings.Repeat("abcdefghij", 21), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := credential.Weak(c.password, "vanthu.so", "Nguyễn Thị Hoa"); (got != "") != c.weak {
				t.Errorf("Weak(%q) = %q", c.password, got)
			}
		})
	}
}

func TestAuthenticatorCodes(t *testing.T) {
	t.Parallel()
	secret, err := credential.NewTOTP()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2021, 7, 7, 6, 30, 10, 0, time.UTC)
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	step, ok := credential.CheckTOTP(secret, code(now), now, 0)
	if !ok || step != now.Unix()/30 {
		t.Fatalf("the code of now: step %d, ok %v", step, ok)
	}
	if _, ok := credential.CheckTOTP(secret, code(now), now, step); ok {
		t.Error("a code was accepted twice")
	}
	if _, ok := credential.CheckTOTP(secret, code(now.Add(-30*time.Second)), now, step); ok {
		t.Error("an older code was accepted after a newer one")
	}
	if _, ok := credential.CheckTOTP(secret, code(now.Add(30*time.Second)), now, step); !ok {
		t.Error("a clock half a minute ahead was refused")
	}
	if _, ok := credential.CheckTOTP(secret, code(now.Add(2*time.Minute)), now, 0); ok {
		t.Error("a code of two minutes later was accepted")
	}
	if _, ok := credential.CheckTOTP(secret, "", now, 0); ok {
		t.Error("nothing was accepted")
	}
	spaced := code(now)[:3] + " " + code(now)[3:]
	if _, ok := credential.CheckTOTP(secret, spaced, now, 0); !ok {
		t.Error("a code typed with a space was refused")
	}
}

func TestAuthenticatorAddressIsReadByTheLibrary(t *testing.T) {
	t.Parallel()
	address, err := credential.TOTPAddress("Sở GDĐT Lai Châu", "vanthu", "JBSWY3DPEHPK3PXP")
	if err != nil {
		t.Fatal(err)
	}
	key, err := otp.NewKeyFromURL(address)
	if err != nil || key.Issuer() != "Sở GDĐT Lai Châu" || key.AccountName() != "vanthu" || key.Secret() != "JBSWY3DPEHPK3PXP" {
		t.Errorf("%s reads as %q %q %q, %v", address, key.Issuer(), key.AccountName(), key.Secret(), err)
	}
}

func TestQRIsAPlainPicture(t *testing.T) {
	t.Parallel()
	svg, err := credential.QR("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP", `Mã "vuông"`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(svg), "<svg ") || strings.Contains(string(svg), "JBSWY3DPEHPK3PXP") || !strings.Contains(string(svg), "&#34;vuông&#34;") {
		t.Errorf("unexpected drawing: %.200s", svg)
	}
}

func TestPrintedCodes(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[ACEFHJKMNPRTWXY34679]{4}-[ACEFHJKMNPRTWXY34679]{4}$`)
	seen := map[string]bool{}
	for range 200 {
		c := credential.NewCode()
		if !form.MatchString(c) || seen[c] {
			t.Fatalf("code %q", c)
		}
		seen[c] = true
	}
	cases := []struct {
		name, typed, want string
		ok                bool
	}{
		{"as printed", "ACEF-HJKM", "ACEFHJKM", true},
		{"small letters and spaces", " acef hjkm ", "ACEFHJKM", true},
		{"a letter that no code has", "ACEF-HJKO", "", false},
		{"too short", "ACEF", "", false},
		{"too long", "ACEFHJKMN", "", false},
		{"letters with marks", "ẢCEFHJKM", "", false},
		{"nothing", "", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := credential.CleanCode(c.typed)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("CleanCode(%q) = %q, %v", c.typed, got, ok)
			}
		})
	}
}

func TestKeysBindToOwnerAndSecret(t *testing.T) {
	t.Parallel()
	a, err := credential.NewKeys(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	b, err := credential.NewKeys(bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if a.Sum("code", "x", "ACEF") == a.Sum("code", "y", "ACEF") || a.Sum("code", "x", "ACEF") == b.Sum("code", "x", "ACEF") || a.Sum("c", "ode", "x") == a.Sum("co", "de", "x") {
		t.Error("sums of different owners, keys or purposes are equal")
	}
	sealed := a.Seal("person", "JBSWY3DPEHPK3PXP")
	if got, err := a.Open("person", sealed); err != nil || got != "JBSWY3DPEHPK3PXP" {
		t.Errorf("opened %q, %v", got, err)
	}
	if strings.Contains(sealed, "JBSWY") {
		t.Error("the seal shows its content")
	}
	if _, err := a.Open("other", sealed); err == nil {
		t.Error("another owner opened it")
	}
	if _, err := b.Open("person", sealed); err == nil {
		t.Error("another installation opened it")
	}
	if _, err := credential.NewKeys([]byte("short")); err == nil {
		t.Error("a short secret was accepted")
	}
}

func FuzzCleanCode(f *testing.F) {
	for _, s := range []string{"ACEF-HJKM", "acef hjkm", "\xff\xfe", "İİİİİİİİ", "ſſſſſſſſ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := credential.CleanCode(typed)
		if again, ok2 := credential.CleanCode(got); ok && (!ok2 || again != got) {
			t.Errorf("%q cleans to %q, which cleans to %q", typed, got, again)
		}
	})
}

// Whether an account exists cannot be told from how long a refusal takes.
