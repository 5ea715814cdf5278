package privacy

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// families are family names, folded: of the Kinh majority, and of the peoples of the north-west.
var families = func() map[string]bool {
	names := map[string]bool{}
	for _, n := range strings.Fields(`nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly an au bach ban be ca cai cao cam cu cua chu chau chang cheo
		dam dao dau deo diep dieu dinh doan ha han hang ho hua kha khong khuat khuong kieu kim la lai lam lang lau lieu lo loc loi long lu luc luong luu luyen ma mac mai man mao
		mua nghiem nong ong pha phang phi pho phu phung po quach quan quang sin sung ta tao tang tan tay than thach thai thao thi thieu tieu to ton tong trang
		trieu trinh truong tu tuong ung uong va van vang vi vien vuong vua xa y gia giang giap khoang khang lieng lun nho pan phin tin hu hau seo lia hoa sa nung tra tho song`) {
		names[n] = true
	}
	return names
}()

// notPersons begin like names and are places, schools and streets.
var notPersons = []string{"ho chi minh", "ha noi", "lai chau", "phan thiet", "hoang sa", "truong sa", "viet nam", "cao bang", "lang son", "quang ninh", "ha giang", "an giang", "kien giang"}

// isName tells whether a whole cell is a person's name: two to six words, each with a capital, the
// first a family name.
func isName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 6 || !family(words[0]) {
		return false
	}
	for _, w := range words {
		if !capitalised(w) {
			return false
		}
	}
	return !notPerson(s)
}

func notPerson(s string) bool {
	folded := text.Fold(s)
	for _, p := range notPersons {
		if strings.HasPrefix(folded, p) {
			return true
		}
	}
	return false
}

func family(word string) bool { return families[text.Fold(word)] }

// capitalised tells whether a word is of letters only and begins with a capital one.
func capitalised(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) {
		return false
	}
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' {
			return false
		}
	}
	return true
}

// nameBefore finds the last name of three words or more that begins in the run of text before a
// date; "" when there is none. Words of one name are parted by single spaces.
func nameBefore(s string) string {
	var run, best []string
	end := -1
	flush := func() {
		for i := range run {
			if family(run[i]) && len(run)-i >= 3 {
				if candidate := run[i:min(len(run), i+6)]; !notPerson(strings.Join(candidate, " ")) {
					best = candidate
				}
				break
			}
		}
		run = run[:0:0]
	}
	for _, w := range text.Words(s) {
		if end >= 0 && s[end:w.Start] != " " {
			flush()
		}
		if capitalised(w.Text) {
			run = append(run, w.Text)
		} else {
			flush()
		}
		end = w.End
	}
	flush()
	return strings.Join(best, " ")
}

// initials masks a name: "Nguyễn Văn A" is "N.V.A."
func initials(name string) string {
	var b strings.Builder
	for _, w := range strings.Fields(name) {
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(r))
		b.WriteByte('.')
	}
	return b.String()
}

// dayAt gives the day written d/m/yyyy (or with dots or hyphens) whose first digits are s[start:end];
// "" when there is none.
func dayAt(s string, start, end int) string {
	if end-start > 2 || end >= len(s) || start > 0 && strings.IndexByte("/.-", s[start-1]) >= 0 {
		return ""
	}
	sep := s[end]
	i := end + 1
	for isDigit(s, i) {
		i++
	}
	if strings.IndexByte("/.-", sep) < 0 || i == end+1 || i-end > 3 || i >= len(s) || s[i] != sep {
		return ""
	}
	year := i + 1
	for i++; isDigit(s, i); i++ {
	}
	if i-year != 4 || i < len(s) && (s[i] == '/' || s[i] == '-') {
		return ""
	}
	return s[start:i]
}

// minAge is how far back a date must lie, in years, to be a birth date: younger persons are not in
// the lists of an exam, while dates of the last years are those of laws and plans.
const minAge = 12

// born tells whether a day or year, as written or as sheets give it, can be a birth date.
func born(s string, year int) bool {
	d, err := text.ParseDay(s)
	if err != nil {
		d = strings.TrimSpace(s)
	}
	if len(d) != len("2006-01-02") && len(d) != len("2006") {
		return false
	}
	y, err := strconv.Atoi(d[:4])
	return err == nil && y > year-100 && y <= year-minAge
}
