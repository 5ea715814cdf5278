package reportsweb

import (
	"fmt"
	"strings"
	"unicode"

	"bangvang/internal/base/text"
	"bangvang/internal/reports/rules"
)

// counted reads counts by word as one hears and types them, "1 ốm, 2 bỏ thi" or "om 1; bo thi 2", without
// accents too: each piece has a number and enough of one word's name to tell it from the others. What it
// cannot read it says in problem, in Vietnamese.
func counted(typed string, words []rules.Word) (counts map[string]rules.Count, problem string) {
	for _, piece := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '+' }) {
		number, name := split(piece)
		if number == "" && name == "" {
			continue
		}
		if number == "" || name == "" {
			return nil, fmt.Sprintf("Chưa đọc được “%s”. Hãy ghi số rồi lý do, ví dụ “1 ốm, 2 bỏ thi”.", strings.TrimSpace(piece))
		}
		found := named(name, words)
		switch len(found) {
		case 0:
			return nil, fmt.Sprintf("Không có lý do nào tên “%s”. Các lý do: %s.", name, names(words))
		case 1:
		default:
			return nil, fmt.Sprintf("“%s” có thể là: %s. Hãy ghi rõ hơn.", name, names(found))
		}
		code := found[0].Code
		if _, twice := counts[code]; twice {
			return nil, fmt.Sprintf("“%s” ghi hai lần. Hãy cộng lại thành một.", found[0].Name)
		}
		if counts == nil {
			counts = map[string]rules.Count{}
		}
		counts[code] = rules.Count(number)
	}
	return counts, ""
}

// split takes a piece apart into its number, first or last, and the rest.
func split(piece string) (number, name string) {
	words := strings.Fields(piece)
	digits := func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
	}
	switch {
	case len(words) > 0 && digits(words[0]):
		return words[0], strings.Join(words[1:], " ")
	case len(words) > 0 && digits(words[len(words)-1]):
		return words[len(words)-1], strings.Join(words[:len(words)-1], " ")
	}
	return "", strings.Join(words, " ")
}

// letters folds a name to its letters and figures, word by word.
func letters(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// named finds the words that a typed name may mean. Whole and leading names go before those that only
// have the typed words somewhere.
func named(typed string, words []rules.Word) []rules.Word {
	want := letters(typed)
	var whole, leading, inside []rules.Word
	for _, w := range words {
		have := letters(w.Name)
		switch {
		case w.Code == strings.ToLower(typed), strings.Join(have, " ") == strings.Join(want, " "):
			whole = append(whole, w)
		case begins(have, want):
			leading = append(leading, w)
		case holds(have, want):
			inside = append(inside, w)
		}
	}
	for _, found := range [][]rules.Word{whole, leading} {
		if len(found) > 0 {
			return found
		}
	}
	return inside
}

// begins tells whether have starts with the words of want, the last of them perhaps cut short.
func begins(have, want []string) bool {
	return len(want) > 0 && strings.HasPrefix(strings.Join(have, " "), strings.Join(want, " "))
}

// holds tells whether the words of want begin words of have, in their order.
func holds(have, want []string) bool {
	i := 0
	for _, w := range have {
		if i < len(want) && strings.HasPrefix(w, want[i]) {
			i++
		}
	}
	return len(want) > 0 && i == len(want)
}

func names(words []rules.Word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.Name
	}
	return strings.Join(all, "; ")
}

// typedAs writes counts the way [counted] reads them.
func typedAs(counts map[string]rules.Count, words []rules.Word) string {
	var parts []string
	for _, w := range words {
		if n, ok := counts[w.Code].Int(); ok && n > 0 {
			parts = append(parts, string(counts[w.Code])+" "+strings.ToLower(strings.Join(strings.FieldsFunc(w.Name, func(r rune) bool { return r == ',' || r == ';' || r == '+' }), "")))
		}
	}
	return strings.Join(parts, ", ")
}
