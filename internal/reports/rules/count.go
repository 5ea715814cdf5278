package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// MaxCount is the largest count a report can hold: no sitting of one site is larger.
const MaxCount = 99_999

// A Count is a count as it was typed. "" means nothing was typed, which is not zero. In JSON it is a
// number when it is one, else the text, so that nothing typed is lost on the way to who judges it (V-01).
type Count string

// N gives the count of a number.
func N(n int) Count { return Count(strconv.Itoa(n)) }

// Int gives the number typed: decimal digits only, 0 to MaxCount; ok is false for anything else.
//
// This is the one place that forgives: blanks before and behind, which come with a number pasted from
// a sheet, and full-width digits. Nothing else is guessed at: "1.234" and "23 8" are no counts.
// rules.js does the same in its function of that name.
func (c Count) Int() (n int, ok bool) {
	if n, ok = c.plain(); !ok && c != "" {
		n, ok = Count(narrow.Replace(ends.ReplaceAllString(string(c), ""))).plain()
	}
	return n, ok
}

var narrow = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")

func (c Count) plain() (n int, ok bool) {
	if c == "" || len(c) > 5 {
		return 0, false
	}
	for _, d := range []byte(c) {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = 10*n + int(d-'0')
	}
	return n, true
}

// MarshalJSON writes a number in its usual form as a number, everything else as text.
func (c Count) MarshalJSON() ([]byte, error) {
	if n, ok := c.Int(); ok && strconv.Itoa(n) == string(c) {
		return []byte(c), nil
	}
	return json.Marshal(string(c))
}

// UnmarshalJSON reads a number or a text as it stands; null is nothing typed.
func (c *Count) UnmarshalJSON(b []byte) error {
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0:
		return fmt.Errorf("count: empty")
	case string(b) == "null":
		*c = ""
		return nil
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*c = Count(s)
		return nil
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*c = Count(b)
		return nil
	}
	return fmt.Errorf("count: neither number nor text")
}
