package receipt_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/reports/receipt"
)

var (
	secret = []byte("a secret of this installation")
	form   = regexp.MustCompile(`^[34679CFHKMPQRTWXY]{4}-[34679CFHKMPQRTWXY]{4}$`)
)

func content(i int) [sha256.Size]byte { return sha256.Sum256(fmt.Append(nil, "report ", i)) }

func TestTheSameReportHasTheSameReceipt(t *testing.T) {
	t.Parallel()
	code := receipt.Code(secret, "a-1", content(1))
	if again := receipt.Code(secret, "a-1", content(1)); again != code {
		t.Errorf("%s, then %s", code, again)
	}
	for what, other := range map[string]string{
		"another id":      receipt.Code(secret, "a-2", content(1)),
		"another content": receipt.Code(secret, "a-1", content(2)),
		"another secret":  receipt.Code([]byte("another"), "a-1", content(1)),
	} {
		if other == code {
			t.Errorf("%s has the same receipt %s", what, code)
		}
	}
	if !receipt.Verify(secret, "a-1", content(1), code) || receipt.Verify(secret, "a-2", content(1), code) || receipt.Verify(secret, "a-1", content(1), "") {
		t.Error("Verify does not know its own")
	}
}

func TestReceiptsAreOfOneFormAndHardlyMeet(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range 20_000 {
		code := receipt.Code(secret, fmt.Sprint("site-", i), content(i))
		if !form.MatchString(code) {
			t.Fatalf("%q", code)
		}
		seen[code] = true
	}
	if len(seen) < 19_990 {
		t.Errorf("20,000 reports share %d codes", len(seen))
	}
}

func TestOneWrongLetterAndTwoSwappedAreNoticed(t *testing.T) {
	t.Parallel()
	const letters = "34679CFHKMPQRTWXY"
	for n := range 200 {
		code := strings.ReplaceAll(receipt.Code(secret, "x", content(n)), "-", "")
		if _, err := receipt.Parse(code); err != nil {
			t.Fatal(err)
		}
		for i := range code {
			for _, l := range []byte(letters) {
				wrong := []byte(code)
				if wrong[i] = l; string(wrong) == code {
					continue
				}
				if _, err := receipt.Parse(string(wrong)); !fault.Is(err, fault.Invalid) {
					t.Fatalf("%s passes for %s", wrong, code)
				}
			}
			for j := range i {
				swapped := []byte(code)
				if swapped[i], swapped[j] = code[j], code[i]; string(swapped) == code {
					continue
				}
				if _, err := receipt.Parse(string(swapped)); !fault.Is(err, fault.Invalid) {
					t.Fatalf("%s passes for %s", swapped, code)
				}
			}
		}
	}
}

func TestAReceiptMayBeTypedCarelessly(t *testing.T) {
	t.Parallel()
	code := receipt.Code(secret, "a-1", content(1))
	for _, typed := range []string{code, strings.ToLower(code), " " + code[:4] + " " + code[5:] + "\n", code[:2] + "–" + code[2:4] + "." + code[5:]} {
		if got, err := receipt.Parse(typed); err != nil || got != code {
			t.Errorf("Parse(%q) = %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "KQHT", code + "3", "KQHT-7M40", "đây là mã", strings.Repeat("K", 1000), "\xff\xfe"} {
		if got, err := receipt.Parse(typed); !fault.Is(err, fault.Invalid) {
			t.Errorf("Parse(%q) = %q, %v", typed, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(receipt.Code(secret, "a-1", content(1)))
	f.Add("KQHT-7M4P")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := receipt.Parse(typed)
		if err != nil {
			return
		}
		if again, err := receipt.Parse(code); err != nil || again != code || !form.MatchString(code) {
			t.Errorf("Parse(%q) = %q", typed, code)
		}
	})
}

func TestACodeIsReadOutLetterByLetter(t *testing.T) {
	t.Parallel()
	for i := range 500 {
		code := receipt.Code(secret, fmt.Sprint(i), content(i))
		if words := strings.FieldsFunc(receipt.Aloud(code), func(r rune) bool { return r == ',' || r == ';' }); len(words) != 8 || strings.Contains(receipt.Aloud(code), ", ,") {
			t.Fatalf("%s is read out as %q", code, receipt.Aloud(code))
		}
	}
	if got := receipt.Aloud("no code"); got != "no code" {
		t.Errorf("what is no code is read out as %q", got)
	}
}
