package text_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"bangvang/internal/base/text"
)

func sorted(key func(string) string, list []string) []string {
	list = slices.Clone(list)
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(key(a), key(b)) })
	return list
}

func TestSortKeyOrdersAsAVietnameseListDoes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"letters come first":            {"ao", "ăn", "ân", "bà", "cà", "da", "đá", "em", "êm", "ga", "ô", "ơn", "phở", "tư", "uy", "ưa", "vẽ", "xa", "y"},
		"tones come after letters":      {"ma", "mà", "mả", "mã", "má", "mạ", "mác"},
		"a prefix comes first":          {"Lai", "Lài", "Lãi", "Lai Châu", "Lai Vung", "Lải Vung"},
		"numbers compare by value":      {"Phòng 2", "Phòng 10", "Phòng 010a", "Phòng 2021", "Phòng thi"},
		"punctuation is a space":        {"01-KH", "1/TB", "08/CT-UBND", "10/CT-UBND"},
		"foreign letters by their base": {"cafe", "çam", "can", "日本"},
	} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				if got := sorted(text.SortKey, want); !slices.Equal(got, want) {
					t.Fatalf("got  %q\nwant %q", got, want)
				}
			}
		})
	}
}

func TestSortKeyDoesNotSeeCaseNorTonePosition(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"Hoà Bình", "HÒA BÌNH"}, {" a  b ", "a b"}, {"thuý", "thúy"}, {"007", "7"}} {
		if text.SortKey(pair[0]) != text.SortKey(pair[1]) {
			t.Errorf("%q and %q have different keys", pair[0], pair[1])
		}
	}
}

// The collation of Unicode's locale data is an independent opinion on the order.
func TestSortKeyAgreesWithTheUnicodeCollation(t *testing.T) {
	t.Parallel()
	words := strings.Fields(`an ăn ấn ba bà bạ cà các dân đá đà đạo em êm ếch ga gà hoa hòa hóa họa huệ Huế lai lài
lại lan lân ma mà mả mã má mạ mơ nga ngà ngả ông ốc ơn phá phà quý quỳ sa sà ta tà tạ tả tư từ tự uyên ước vẽ về xa xá ý yên`)
	c := collate.New(language.Vietnamese, collate.IgnoreCase)
	for range 3000 {
		a, b := phrase(words), phrase(words)
		if got, want := cmp.Compare(text.SortKey(a), text.SortKey(b)), c.CompareString(a, b); got != want {
			t.Fatalf("%q against %q: the keys say %d, the collation %d", a, b, got, want)
		}
	}
}

func phrase(words []string) string {
	var p []string
	for range 1 + rand.IntN(3) {
		p = append(p, words[rand.IntN(len(words))])
	}
	return strings.Join(p, " ")
}

func TestNameKeyOrdersPeopleByGivenName(t *testing.T) {
	t.Parallel()
	want := []string{"Lê Văn An", "Nguyễn An", "Nguyễn Thị An", "Nguyễn Văn An", "Trần An", "Đỗ Văn Ân", "Lò Thị Bình", "Giàng A Páo", "Đinh Trung Tuấn", "Tuyên"}
	if got := sorted(text.NameKey, want); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
