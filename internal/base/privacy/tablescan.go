package privacy

import (
	"fmt"
	"strings"

	"bangvang/internal/base/text"
)

// How many rows make a list, in a table whose header says what they are. An empty form has none.
const (
	rowsNamed      = 2 // a name with a birth date, marks, ethnicity
	rowsCandidates = 3
	rowsAddresses  = 3
	rowsPhones     = 5
	headerDepth    = 8 // rows looked at for a header: titles may stand above it
)

// A role is what a column holds by its heading.
type role int

const (
	roleNone role = iota
	rolePerson
	roleBirth
	roleID
	roleCandidate
	rolePhone
	roleEmail
	roleAddress
	roleSensitive
	roleMark
)

// headings are folded words of a heading and the role they show, the telling ones first.
var headings = []struct {
	words string
	role  role
}{
	{"ngay sinh", roleBirth}, {"nam sinh", roleBirth}, {"ngay, thang, nam sinh", roleBirth}, {"ngay thang nam sinh", roleBirth}, {"sinh ngay", roleBirth}, {"ngay_sinh", roleBirth},
	{"cccd", roleID}, {"can cuoc", roleID}, {"cmnd", roleID}, {"chung minh", roleID}, {"dinh danh", roleID},
	{"sbd", roleCandidate}, {"bao danh", roleCandidate}, {"so_bao_danh", roleCandidate}, {"sobaodanh", roleCandidate},
	{"dien thoai", rolePhone}, {"sdt", rolePhone}, {"di dong", rolePhone},
	{"email", roleEmail}, {"e-mail", roleEmail}, {"thu dien tu", roleEmail},
	{"dan toc", roleSensitive}, {"ton giao", roleSensitive}, {"khuyet tat", roleSensitive}, {"uu tien", roleSensitive}, {"suc khoe", roleSensitive}, {"ho ngheo", roleSensitive},
	{"thuong tru", roleAddress}, {"ho khau", roleAddress}, {"noi o", roleAddress}, {"cho o", roleAddress}, {"que quan", roleAddress}, {"dia chi", roleAddress},
	{"ho va ten", rolePerson}, {"ho ten", rolePerson}, {"ho, ten", rolePerson}, {"ho dem", rolePerson}, {"ten thi sinh", rolePerson}, {"ten hoc sinh", rolePerson}, {"ho_ten", rolePerson},
	{"diem", roleMark}, {"tong", roleMark}, {"toan", roleMark}, {"ngu van", roleMark}, {"vat li", roleMark}, {"vat ly", roleMark}, {"hoa hoc", roleMark}, {"lich su", roleMark}, {"ngoai ngu", roleMark},
}

func roleOf(heading string) role {
	folded := strings.Join(strings.Fields(text.Fold(heading)), " ")
	if len(folded) > 80 { // a sentence, no heading
		return roleNone
	}
	for _, h := range headings {
		if strings.Contains(folded, h.words) {
			return h.role
		}
	}
	return roleNone
}

// A column is a heading with its place.
type column struct {
	at      int
	heading string
}

// A tableScan is one table with its columns by role.
type tableScan struct {
	year    int
	number  int // of the table, from 1
	label   string
	rows    [][]string // below the header
	columns map[role][]column
	persons map[int]string // by row index: the name that stands in it
}

// scanTable looks for columns of personal data, by their headings, and without any by what stands
// in the cells.
func scanTable(year, number int, t Table, found map[Kind]*tally) {
	s := tableScan{year: year, number: number, label: fmt.Sprintf("bảng %d", number), rows: t.Rows, columns: map[role][]column{}, persons: map[int]string{}}
	if t.Name != "" {
		s.label = "trang tính “" + text.Excerpt(text.CleanInput(t.Name), 40) + "”"
	}
	s.header(t.Rows)
	s.findPersons()

	s.count(found, CitizenID, roleID, 1, func(_ int, v string) (string, string) {
		n := plainNumber(v)
		return when(citizenID(n, year), n), mask(n)
	})
	s.count(found, IdentityNo, roleID, 1, func(_ int, v string) (string, string) {
		n := plainNumber(v)
		return when(len(n) == 9, n), mask(n)
	})
	s.count(found, BirthDates, roleBirth, rowsNamed, s.withPerson(func(v string) bool { return born(v, year) }))
	s.count(found, Results, roleMark, rowsNamed, s.withPerson(isMark))
	s.count(found, Sensitive, roleSensitive, rowsNamed, s.withPerson(func(v string) bool { return strings.TrimSpace(v) != "" }))
	s.count(found, Addresses, roleAddress, rowsAddresses, s.withPerson(func(v string) bool { return len(v) > 5 }))
	s.count(found, Candidates, roleCandidate, rowsCandidates, func(_ int, v string) (string, string) {
		v = strings.TrimSpace(v)
		return when(digits(v) && len(v) >= 4 && len(v) <= 8, v), mask(v)
	})
	s.count(found, Phones, rolePhone, rowsPhones, func(_ int, v string) (string, string) {
		n, _ := mobileAt(strings.TrimLeft(v, "+( "), 0)
		return n, mask(n)
	})
	s.count(found, Emails, roleEmail, manyEmails, func(_ int, v string) (string, string) {
		var first string
		addresses(v, func(a string) {
			if first == "" && private(a) {
				first = a
			}
		})
		return strings.ToLower(first), maskAddress(first)
	})
	s.bare(found)
}

// header finds the row with most headings among the first and takes the rows below it. Headings of
// the row above it that it lacks count too: a header may have two rows.
func (s *tableScan) header(rows [][]string) {
	best, most := -1, 0
	for i, row := range rows[:min(len(rows), headerDepth)] {
		n := 0
		for _, cell := range row {
			if roleOf(cell) != roleNone {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return
	}
	taken := map[int]bool{}
	for _, i := range []int{best, best - 1, best + 1} {
		if i < 0 || i >= len(rows) {
			continue
		}
		for at, cell := range rows[i] {
			if r := roleOf(cell); r != roleNone && !taken[at] {
				taken[at] = true
				s.columns[r] = append(s.columns[r], column{at, strings.Join(strings.Fields(cell), " ")})
			}
		}
	}
	s.rows = rows[best+1:]
}

// findPersons notes the rows that name a person: in a column for it, or in any cell.
func (s *tableScan) findPersons() {
	for i, row := range s.rows {
		for _, c := range s.columns[rolePerson] {
			if c.at < len(row) && letters(row[c.at]) {
				s.persons[i] = strings.TrimSpace(row[c.at])
				break
			}
		}
		for _, cell := range row {
			if s.persons[i] == "" && isName(cell) {
				s.persons[i] = cell
			}
		}
	}
}

// letters tells whether a cell has a word in it, not just a number or dots to fill in.
func letters(s string) bool {
	return strings.ContainsFunc(text.Fold(s), func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// count looks down the columns of a role and reports a kind when enough rows hold one. test gives what
// counts as one, "" when a cell holds none, and how to show it.
func (s *tableScan) count(found map[Kind]*tally, kind Kind, r role, enough int, test func(row int, v string) (one, sample string)) {
	var t tally
	rows := map[int]bool{}
	for _, c := range s.columns[r] {
		for i, row := range s.rows {
			if c.at >= len(row) {
				continue
			}
			if one, sample := test(i, row[c.at]); one != "" {
				rows[i] = true
				t.add(one, s.label+", cột “"+text.Excerpt(c.heading, 40)+"”", sample)
			}
		}
	}
	if len(rows) >= enough {
		t.report(found, kind, 1)
	}
}

// when gives s if a test passed.
func when(ok bool, s string) string {
	if ok {
		return s
	}
	return ""
}

// row names a row of this table among those of all tables.
func (s *tableScan) row(i int) string { return fmt.Sprintf("%d/%d", s.number, i) }

// withPerson makes a test of cells one of rows that also name a person, whose initials it shows. The
// row counts, whatever stands in it.
func (s *tableScan) withPerson(test func(v string) bool) func(int, string) (string, string) {
	return func(row int, v string) (string, string) {
		name := s.persons[row]
		return when(name != "" && test(v), s.row(row)), initials(name)
	}
}

// isMark tells whether a cell is a mark: 0 to 10, or a sum of three to 40, with at most two
// decimals.
func isMark(v string) bool {
	whole, decimals, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(v), ",", "."), ".")
	return digits(whole) && len(whole) <= 2 && (decimals == "" || digits(decimals) && len(decimals) <= 2) && (len(whole) < 2 || whole <= "40")
}

// bare looks at cells without regard to headings: rows of a name and a birth date, citizens'
// numbers, a column of candidate numbers.
func (s *tableScan) bare(found map[Kind]*tally) {
	var ids, births tally
	columns := map[int]*tally{}
	for i, row := range s.rows {
		for at, cell := range row {
			v := strings.TrimSpace(cell)
			switch {
			case citizenID(v, s.year):
				ids.add(v, s.label, mask(v))
			case s.persons[i] != "" && isName(s.persons[i]) && len(v) > 4 && born(v, s.year):
				births.add(s.row(i), s.label, initials(s.persons[i]))
			case candidate(v) && !compactDay(v):
				if columns[at] == nil {
					columns[at] = &tally{}
				}
				columns[at].add(v, fmt.Sprintf("%s, cột %d", s.label, at+1), mask(v))
			}
		}
	}
	ids.report(found, CitizenID, manyIDs)
	births.report(found, BirthDates, manyBirthDates)
	for _, t := range columns {
		if len(t.seen)*2 > len(s.rows) && sameCouncil(t.values()) {
			t.report(found, Candidates, manyNumbers)
		}
	}
}
