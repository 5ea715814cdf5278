package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// plain reads comma-, semicolon-, tab- or bar-separated text.
func (r *reading) plain(data []byte) error {
	s, guess := text.Decode(data)
	if binary(s) {
		return fault.New(fault.Invalid, "Đây không phải tệp bảng tính. Hãy gửi tệp .xlsx hoặc .csv.")
	}
	if whole := bytes.TrimPrefix(data, []byte("\ufeff")); !guess.Certain && guess.Encoding != text.UTF8 && utf8.Valid(whole) && bytes.IndexByte(whole, 0) < 0 {
		s = string(whole) // Unicode, in which old letters may stand as in a workbook: recode looks at each row
	} else if guess.Note != "" {
		r.warn("", "", "%s", guess.Note)
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	first := 1
	sep, body, said := separatorLine(s)
	if said {
		s, first = body, 2
	} else {
		sep = separator(s)
	}
	records, open := split(s, sep, true, r.limits.Rows)
	if open > 0 {
		r.warn("", "dòng "+text.FormatNumber(int64(open+first-1)), "Dấu nháy kép mở mà không đóng; các dấu nháy được đọc như chữ thường.")
		records, _ = split(s, sep, false, r.limits.Rows)
	}
	rows := make([]Row, 0, len(records))
	for i, fields := range records {
		if len(fields) > r.limits.Columns {
			return fault.New(fault.TooLarge, "Dòng %d có %d cột, quá mức %d. Hãy kiểm tra lại dấu ngăn cách cột.", i+first, len(fields), r.limits.Columns)
		}
		if err := r.count(i+1, len(fields), 0); err != nil { // its text is the file's
			return err
		}
		row := Row{Number: i + first, Cells: make([]Cell, len(fields))}
		for j, f := range fields {
			row.Cells[j] = rawCell(unwrap(f))
		}
		rows = append(rows, row)
	}
	r.recode(rows)
	r.add("", rows)
	return nil
}

// binary tells that s is no text, as programs, pictures and archives are none: more than one
// character of fifty is a control or broken.
func binary(s string) bool {
	bad := 0
	for _, r := range s {
		if (r < ' ' && r != '\n' && r != '\r' && r != '\t') || r == '\uFFFD' {
			bad++
		}
	}
	return bad*50 > utf8.RuneCountInString(s)
}

// unwrap takes off what people put around numbers to keep their zeros: ="07000001".
func unwrap(s string) string {
	if t := strings.TrimSpace(s); strings.HasPrefix(t, `="`) && strings.HasSuffix(t, `"`) && len(t) > 3 {
		return t[2 : len(t)-1]
	}
	return s
}

// separatorLine reads the line "sep=;" that Excel puts first.
func separatorLine(s string) (sep byte, rest string, ok bool) {
	line, rest, _ := strings.Cut(s, "\n")
	if len(line) == 5 && strings.EqualFold(line[:4], "sep=") {
		return line[4], rest, true
	}
	return 0, s, false
}

// separator finds the character between columns: the one that stands equally often in most of the
// first lines, the more often the better; commas inside numbers are so seldom equal. Text in
// quotes does not count.
func separator(s string) byte {
	const depth = 50
	best, bestScore := byte(','), 0
	for _, sep := range []byte{',', ';', '\t', '|'} {
		counts := make(map[int]int)
		lines := 0
		for line := range strings.SplitSeq(s, "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			counts[countOutside(line, sep)]++
			if lines++; lines == depth {
				break
			}
		}
		for n, agreeing := range counts {
			if score := agreeing * 1000 / max(lines, 1) * 100; n > 0 && agreeing*5 >= lines*3 && score+min(n, 99) > bestScore {
				best, bestScore = sep, score+min(n, 99)
			}
		}
	}
	if bestScore > 0 {
		return best
	}
	head := s[:min(len(s), 64<<10)] // ragged: whatever there is most of
	for _, sep := range []byte{';', '\t', '|'} {
		if strings.Count(head, string(sep)) > strings.Count(head, string(best)) {
			best = sep
		}
	}
	return best
}

func countOutside(line string, sep byte) (n int) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case sep:
			if !quoted {
				n++
			}
		}
	}
	return n
}

// split cuts s into records; a record's index is the row a spreadsheet program shows it in. With
// quotes, a field may begin with a double quote and then hold separators, line breaks and doubled
// quotes; open is the number of the record whose quote is never closed, 0 when all are. It stops
// when there are more records than most.
func split(s string, sep byte, quotes bool, most int) (records [][]string, open int) {
	var fields []string
	for (len(s) > 0 || fields != nil) && len(records) <= most {
		if quotes && strings.HasPrefix(s, `"`) {
			field, rest, closed := quotedField(s[1:])
			if !closed {
				return records, len(records) + 1
			}
			end := fieldEnd(rest, sep) // what stands between the quote and the separator belongs to it
			fields = append(fields, field+rest[:end])
			s = rest[end:]
		} else {
			end := fieldEnd(s, sep)
			fields = append(fields, s[:end])
			s = s[end:]
		}
		switch {
		case s == "":
			return append(records, fields), 0
		case s[0] == '\n':
			records, fields = append(records, fields), nil
			s = s[1:]
		default: // a separator: one more field follows, perhaps an empty one
			if s = s[1:]; s == "" {
				return append(records, append(fields, "")), 0
			}
		}
	}
	return records, 0
}

func fieldEnd(s string, sep byte) int {
	for i := range len(s) {
		if s[i] == sep || s[i] == '\n' {
			return i
		}
	}
	return len(s)
}

// quotedField reads up to the closing quote.
func quotedField(s string) (field, rest string, closed bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(s[:i])
		if !strings.HasPrefix(s[i+1:], `"`) {
			return b.String(), s[i+1:], true
		}
		b.WriteByte('"')
		s = s[i+2:]
	}
}
