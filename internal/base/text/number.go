package text

import (
	"regexp"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
)

// NoFigure is shown where there is nothing to compute, as the share of zero (V-19).
const NoFigure = "–"

// FormatNumber gives a whole number with dots between thousands: 1000176 is "1.000.176". Use it
// for quantities, never for candidate numbers or years.
func FormatNumber(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// FormatDecimal gives units of 10^-places as a decimal with a comma: FormatDecimal(725, 2) is
// "7,25". Exact, all places shown.
func FormatDecimal(units int64, places int) string {
	if places <= 0 {
		return FormatNumber(units)
	}
	s := strconv.FormatInt(units, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	whole, _ := strconv.ParseInt(s[:len(s)-places], 10, 64)
	return sign + FormatNumber(whole) + "," + s[len(s)-places:]
}

// FormatPercent gives part of whole in percent with two decimals, rounded half up: "99,12 %" (with
// a non-breaking space); [NoFigure] when whole is not positive. Both must be under 10^14.
//
// Source: V-19.
func FormatPercent(part, whole int64) string {
	if whole <= 0 {
		return NoFigure
	}
	n := part*10_000*2 + whole
	q := n / (2 * whole)
	if n < 0 && n%(2*whole) != 0 {
		q-- // floor, so that half goes up on both sides of zero
	}
	return FormatDecimal(q, 2) + "\u00a0%"
}

// FormatBytes gives a size of a file, in steps of 1024 as desktop systems count: "812 B", "34 KB",
// "1,2 MB".
func FormatBytes(n int64) string {
	const step = 1024
	if n < step {
		return strconv.FormatInt(max(n, 0), 10) + " B"
	}
	for i, unit := range [...]string{"KB", "MB", "GB", "TB"} {
		size := int64(step) << (10 * i)
		tenths := (n*10 + size/2) / size
		switch {
		case i < 3 && tenths >= step*10:
			continue
		case tenths < 100 && tenths%10 != 0:
			return FormatDecimal(tenths, 1) + " " + unit
		default:
			return FormatNumber((tenths+5)/10) + " " + unit
		}
	}
	return "" // not reached: the last unit always returns
}

var grouped = regexp.MustCompile(`^[+-]?\d{1,3}((\.\d{3})+|( \d{3})+)$`)

// ParseNumber reads a whole number as people write it: "1000176", "1.000.176", "1 000 176". It
// returns fault.Invalid for anything else, also for decimals ("1,5"; a comma between thousands is
// not guessed at) and for numbers of more than 18 digits.
func ParseNumber(s string) (int64, error) {
	plain := strings.TrimSpace(Fold(s))
	if grouped.MatchString(plain) {
		plain = strings.NewReplacer(".", "", " ", "").Replace(plain)
	}
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil || len(plain) > 19 {
		return 0, fault.New(fault.Invalid, "“%s” không phải số nguyên. Hãy chỉ ghi chữ số, ví dụ 241.", Excerpt(s, 40))
	}
	return n, nil
}

// ParseDecimal reads a decimal with comma or point into units of 10^-places: ParseDecimal("7,25", 2)
// is 725, exactly. It returns fault.Invalid when s is no number or has more places than allowed,
// trailing zeros aside.
func ParseDecimal(s string, places int) (int64, error) {
	plain := strings.TrimSpace(Fold(s))
	whole, frac, _ := strings.Cut(strings.Replace(plain, ",", ".", 1), ".")
	frac = strings.TrimRight(frac, "0")
	digits := strings.TrimLeft(whole, "+-")
	if digits == "" || len(whole)-len(digits) > 1 || !allDigits(digits) || !allDigits(frac) || len(digits)+places > 18 {
		return 0, fault.New(fault.Invalid, "“%s” không phải số. Hãy ghi ví dụ 7,25.", Excerpt(s, 40))
	}
	if len(frac) > places {
		return 0, fault.New(fault.Invalid, "“%s” có quá %d chữ số thập phân. Hãy kiểm tra lại.", Excerpt(s, 40), places)
	}
	n, err := strconv.ParseInt(digits+frac+strings.Repeat("0", places-len(frac)), 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "“%s” không phải số. Hãy ghi ví dụ 7,25.", Excerpt(s, 40))
	}
	if whole[0] == '-' {
		n = -n
	}
	return n, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Excerpt gives s as one clean line of at most n characters, the last one "…" when it was cut: for
// quoting a person's input back in a message.
func Excerpt(s string, n int) string {
	if len(s) > 16*n { // enough for n characters with their marks
		s = s[:16*n]
	}
	rs := []rune(CleanInput(s))
	if len(rs) <= n {
		return string(rs)
	}
	return strings.TrimSpace(string(rs[:n-1])) + "…"
}
