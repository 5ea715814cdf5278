package ui

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/text"
)

var errOddPairs = errors.New("ui: facts and dict take pairs of a text and a value")

// funcs are the functions every template has.
var funcs = func() template.FuncMap {
	m := template.FuncMap{
		"day":     text.FormatDay,     // "2021-07-07" → "7/7/2021"
		"dayLong": text.FormatDayLong, // → "ngày 07 tháng 7 năm 2021"
		"weekday": text.FormatWeekday,
		"dayTime": text.FormatDayTime, // ms → "Thứ Tư, 7/7/2021, 07:35"
		"clock":   text.FormatClock,   // ms → "07:35"
		"iso":     iso,                // ms → for <time datetime>
		"bytes":   text.FormatBytes,
		"num":     num,
		"percent": percent, // part, whole → "99,12 %"
		"tel":     tel,
		"mailto":  func(address string) template.URL { return template.URL("mailto:" + address) },
		"join":    func(sep string, parts []string) string { return strings.Join(parts, sep) },
		"list":    func(items ...any) []any { return items },
		"dict":    dict,
		"asset":   AssetPath,
		"board":   func() template.HTML { return template.HTML(boardSVG) },
		"add":     func(a, b int) int { return a + b },
	}
	maps.Copy(m, constructors)
	maps.Copy(m, fieldFuncs)
	return m
}()

func iso(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format(time.RFC3339) }

// num writes any whole number the Vietnamese way.
func num(n any) (string, error) {
	v, err := whole(n)
	return text.FormatNumber(v), err
}

func percent(part, of any) (string, error) {
	p, err := whole(part)
	if err != nil {
		return "", err
	}
	w, err := whole(of)
	return text.FormatPercent(p, w), err
}

func whole(n any) (int64, error) {
	switch v := n.(type) {
	case int:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case int64:
		return v, nil
	}
	return 0, fmt.Errorf("ui: %T is not a whole number", n)
}

func shown(b Bar) string {
	if b.Text != "" {
		return b.Text
	}
	return text.FormatNumber(b.Value)
}

// tel makes the address that dials a number written as people write it: "0213.3876.543" becomes
// tel:+842133876543. Short and 1800/1900 numbers are dialled as they are.
func tel(number string) template.URL {
	var digits strings.Builder
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits.WriteRune(r)
		}
	}
	d := digits.String()
	switch {
	case strings.HasPrefix(strings.TrimSpace(number), "+"):
		d = "+" + d
	case strings.HasPrefix(d, "0"):
		d = "+84" + d[1:]
	}
	return template.URL("tel:" + d)
}

func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, errOddPairs
		}
		m[key] = pairs[i+1]
	}
	if len(pairs)%2 != 0 {
		return nil, errOddPairs
	}
	return m, nil
}
