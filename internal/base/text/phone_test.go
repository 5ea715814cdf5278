package text_test

import (
	"testing"

	"bangvang/internal/base/text"
)

func TestTelephoneNumbersStandInTheirGroups(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"02133799569":    "0213 3799 569",
		"0213.3876.961":  "0213 3876 961",
		"0213 3784 000":  "0213 3784 000",
		"(0213) 3784000": "0213 3784 000",
		"0243 8695 144":  "024 3869 5144",
		"0912345678":     "0912 345 678",
		"18001234":       "18001234",
		"1900 6868":      "1900 6868",
		"+84 213 379 95": "+84 213 379 95",
		"0213 123":       "0213 123",
		"0123456789012":  "0123456789012",
		"":               "",
	} {
		if got := text.FormatPhone(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
