package privacy

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// provinces are the codes a citizen's number may begin with (Circular 59/2021/TT-BCA, annex I).
var provinces = func() map[string]bool {
	codes := map[string]bool{}
	for _, c := range strings.Fields("001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096") {
		codes[c] = true
	}
	return codes
}()

// citizenID tells whether 12 digits are built as a citizen's number is: province, century with sex,
// year of birth, six more.
//
// Source: Decree 137/2015/NĐ-CP, Điều 13; Circular 59/2021/TT-BCA.
func citizenID(s string, year int) bool {
	if len(s) != 12 || !digits(s) || !provinces[s[:3]] {
		return false
	}
	born := 1900 + int(s[3]-'0')/2*100 + int(s[4]-'0')*10 + int(s[5]-'0')
	return born > year-110 && born <= year
}

// candidate tells whether eight digits can be a candidate number: an exam council's code, 01 to
// 65, and six digits that are not all the same.
func candidate(s string) bool {
	return len(s) == 8 && digits(s) && s[:2] >= "01" && s[:2] <= "65" && strings.Trim(s[2:], s[2:3]) != ""
}

// compactDay tells whether eight digits are a day without separators, either way round.
func compactDay(s string) bool {
	for _, layout := range []string{"20060102", "02012006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() < 2100 {
			return true
		}
	}
	return false
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// digitRuns calls fn with every run of digits in s. Documents are megabytes and the server waits:
// patterns are matched by hand from there.
func digitRuns(s string, fn func(start, end int)) {
	for i := 0; i < len(s); i++ {
		if !isDigit(s, i) {
			continue
		}
		start := i
		for isDigit(s, i) {
			i++
		}
		fn(start, i)
	}
}

func isDigit(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// alone tells whether a run of digits is a number by itself: no letter touches it, and it is no
// part of a decimal, a document's number or a code.
func alone(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	if unicode.IsLetter(before) || unicode.IsLetter(after) || strings.ContainsRune("./_-", before) || strings.ContainsRune("/_-", after) {
		return false
	}
	return after != '.' || !isDigit(s, end+1)
}

// mobileAt gives the mobile number that begins with the digit at start, with 0 in front and
// without separators, and where it ends; "" when there is none.
func mobileAt(s string, start int) (number string, end int) {
	if start > 0 && s[start-1] == '.' {
		return "", start
	}
	want := 10
	if strings.HasPrefix(s[start:], "84") {
		want = 11
	}
	b := make([]byte, 0, 11)
	for end = start; len(b) < want && end < len(s); end++ {
		switch c := s[end]; {
		case c >= '0' && c <= '9':
			b = append(b, c)
		case (c == ' ' || c == '.' || c == '-') && isDigit(s, end+1):
		default:
			return "", start
		}
	}
	number = plainNumber(string(b))
	if len(number) != 10 || number[0] != '0' || !strings.ContainsRune("35789", rune(number[1])) || isDigit(s, end) {
		return "", start
	}
	return number, end
}

// plainNumber gives a number's digits, in front of a telephone number 0 for the country's code.
func plainNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(s, "84"); ok && len(s) == 11 {
		return "0" + rest
	}
	return s
}

// addresses calls fn with every e-mail address in s.
func addresses(s string, fn func(string)) {
	part := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._%+-", c) >= 0
	}
	for from := 0; ; {
		at := strings.IndexByte(s[from:], '@')
		if at < 0 {
			return
		}
		at += from
		start, end := at, at+1
		for start > from && part(s[start-1]) {
			start--
		}
		for end < len(s) && part(s[end]) {
			end++
		}
		if a := strings.Trim(s[start:end], "."); start < at && strings.Contains(a[strings.IndexByte(a, '@'):], ".") {
			fn(a)
		}
		from = end
	}
}

// private tells whether an e-mail address belongs to a person rather than to an office: offices
// and schools have gov.vn and edu.vn.
func private(address string) bool {
	a := strings.ToLower(address)
	return !strings.HasSuffix(a, ".gov.vn") && !strings.HasSuffix(a, ".edu.vn")
}

// mask hides all of a number but its first and last two digits.
func mask(s string) string {
	if len(s) < 6 {
		return strings.Repeat("•", len(s))
	}
	return s[:2] + strings.Repeat("•", len(s)-4) + s[len(s)-2:]
}

// maskAddress hides the person in an e-mail address.
func maskAddress(s string) string {
	_, host, _ := strings.Cut(s, "@")
	return "•••@" + host
}
