package text

import "strings"

var digitNames = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// Spell gives a whole number from 0 to 999,999 in words, as it is read out on the telephone: 241 is
// "hai trăm bốn mươi mốt", 1005 "một nghìn không trăm linh năm". A number outside that range comes
// back in digits.
func Spell(n int) string {
	switch {
	case n < 0 || n > 999_999:
		return FormatNumber(int64(n))
	case n < 1000:
		return spellBelow1000(n, false)
	case n%1000 == 0:
		return spellBelow1000(n/1000, false) + " nghìn"
	}
	return spellBelow1000(n/1000, false) + " nghìn " + spellBelow1000(n%1000, true)
}

// spellBelow1000 says the hundreds even when there are none if something was said before them.
func spellBelow1000(n int, follows bool) string {
	var said []string
	if n >= 100 || follows {
		said = append(said, digitNames[n/100], "trăm")
	}
	tens, ones := n/10%10, n%10
	switch {
	case tens == 0 && ones == 0 && len(said) > 0:
		return strings.Join(said, " ")
	case tens == 0 && len(said) > 0:
		said = append(said, "linh")
	case tens == 1:
		said = append(said, "mười")
	case tens > 1:
		said = append(said, digitNames[tens], "mươi")
	}
	switch {
	case ones == 1 && tens > 1:
		said = append(said, "mốt")
	case ones == 5 && tens > 0:
		said = append(said, "lăm")
	case ones > 0 || tens == 0:
		said = append(said, digitNames[ones])
	}
	return strings.Join(said, " ")
}
