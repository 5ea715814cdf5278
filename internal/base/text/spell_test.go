package text_test

import (
	"strings"
	"testing"

	"bangvang/internal/base/text"
)

func TestNumbersAreReadOutInWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "không", 1: "một", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm",
		20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi bốn", 25: "hai mươi lăm", 31: "ba mươi mốt", 95: "chín mươi lăm",
		100: "một trăm", 101: "một trăm linh một", 105: "một trăm linh năm", 110: "một trăm mười", 111: "một trăm mười một",
		115: "một trăm mười lăm", 121: "một trăm hai mươi mốt", 238: "hai trăm ba mươi tám", 241: "hai trăm bốn mươi mốt", 500: "năm trăm", 555: "năm trăm năm mươi lăm",
		1000: "một nghìn", 1001: "một nghìn không trăm linh một", 1010: "một nghìn không trăm mười", 1015: "một nghìn không trăm mười lăm",
		1100: "một nghìn một trăm", 2021: "hai nghìn không trăm hai mươi mốt", 5005: "năm nghìn không trăm linh năm",
		10_000: "mười nghìn", 15_000: "mười lăm nghìn", 21_000: "hai mươi mốt nghìn", 21_021: "hai mươi mốt nghìn không trăm hai mươi mốt",
		99_999: "chín mươi chín nghìn chín trăm chín mươi chín", 105_000: "một trăm linh năm nghìn", 999_999: "chín trăm chín mươi chín nghìn chín trăm chín mươi chín",
		-5: "-5", 1_000_000: "1.000.000",
	} {
		if got := text.Spell(n); got != want {
			t.Errorf("Spell(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestEveryNumberInWordsIsReadBackAsItself(t *testing.T) {
	t.Parallel()
	value := map[string]int{"không": 0, "linh": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
	for n := range 100_000 {
		thousands, part, digit := 0, 0, 0
		for _, w := range strings.Fields(text.Spell(n)) {
			switch w {
			case "nghìn":
				thousands, part, digit = part+digit, 0, 0
			case "trăm":
				part, digit = 100*digit, 0
			case "mươi":
				part, digit = part+10*digit, 0
			case "mười":
				part += 10
			default:
				v, known := value[w]
				if !known {
					t.Fatalf("Spell(%d) says %q", n, w)
				}
				digit = v
			}
		}
		if got := 1000*thousands + part + digit; got != n {
			t.Fatalf("Spell(%d) = %q, which is %d", n, text.Spell(n), got)
		}
	}
}
