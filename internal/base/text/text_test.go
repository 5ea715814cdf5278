package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"marks and case go":                         {"ĐIỂM THI Tốt Nghiệp", "diem thi tot nghiep"},
		"decomposed text is the same":               {"Đie\u0302\u0309m", "diem"},
		"both tone positions are the same":          {"hoà hòa", "hoa hoa"},
		"full-width letters and digits are plain":   {"ＴＨＰＴ　２０２１", "thpt 2021"},
		"spaces that do not break are plain":        {"08\u00a0CT\u202fUBND", "08 ct ubnd"},
		"zero-width characters and soft hyphens go": {"đi\u200bểm\u00ad", "diem"},
		"every dash and quote is the ASCII one":     {"08/CT–UBND “a” ‘b’", "08/ct-ubnd \"a\" 'b'"},
		"eth typed for đ counts as đ":               {"Ðiểm", "diem"},
		"other alphabets are kept in lower case":    {"МОСКВА 日本", "москва 日本"},
		"plain text comes back as it is":            {"diem thi 2021", "diem thi 2021"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := text.Fold(c.in); got != c.want {
				t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestToneMovesTheMarkToOnePosition(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"hoà": "hòa",
		"HOÀ": "HÒA",
		"Hoà Bình, thuý kiều và khoẻ mạnh": "Hòa Bình, thúy kiều và khỏe mạnh",
		"uỷ ban":                  "ủy ban",
		"quý":                     "quý",
		"qúy":                     "quý",
		"quả":                     "quả",
		"giờ già giếng gì gìn":    "giờ già giếng gì gìn",
		"toán hoạt huýt xoè xoét": "toán hoạt huýt xòe xoét",
		"mùa kìa mứa thuở Huế":    "mùa kìa mứa thuở Huế",
		"khuỷu ngoài khuấy rượu":  "khuỷu ngoài khuấy rượu",
		"Đắk Lắk, Pleiku, Ngoạn":  "Đắk Lắk, Pleiku, Ngoạn",
		"café Hélène":             "café Hélène", // not Vietnamese: untouched
		"":                        "",
		"thuye\u0302\u0300n":      "thuyền", // and in NFC
	} {
		if got := text.Tone(in); got != want {
			t.Errorf("Tone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIsSyllableKnowsSpelling(t *testing.T) {
	t.Parallel()
	yes := "tốt nghiệp trung học phổ thông Nguyễn Thuỳ Quỳnh giếng nghiêng khuya khuỷu quyết quốc quý gì yên ý ươn ỷ ao Đắk xoong huỳnh tuyết hươu bướu quẩn quặng"
	for w := range strings.FieldsSeq(yes) {
		if !text.IsSyllable(w) {
			t.Errorf("%q is refused as a syllable", w)
		}
	}
	for w := range strings.FieldsSeq("TrÇn Toỏn hoäi họt2 bát̀ càc hoàch strong ẫ́ THPT Hélène tồt đđ") {
		if text.IsSyllable(w) {
			t.Errorf("%q is accepted as a syllable", w)
		}
	}
}

func TestEverySyllableOfTheSeedTextIsKnown(t *testing.T) {
	t.Parallel()
	const seed = `Thực hiện Chỉ thị của Chủ tịch Ủy ban nhân dân tỉnh về việc tổ chức Kỳ thi tốt nghiệp trung học
phổ thông, Sở Giáo dục và Đào tạo xây dựng kế hoạch truyền thông nhằm cung cấp kịp thời, chính xác, đầy đủ thông tin
cho phụ huynh, thí sinh; giải đáp thắc mắc, đường dây nóng; gương người tốt, việc tốt; họp báo, thông cáo báo chí.`
	for _, w := range text.Words(seed) {
		if !text.IsSyllable(w.Text) {
			t.Errorf("%q is refused as a syllable", w.Text)
		}
	}
}

func TestWordsKeepTheirPlace(t *testing.T) {
	t.Parallel()
	const s = "Chỉ thị 08/CT-UBND: hoà bình"
	var toned, folded []string
	for _, w := range text.Words(s) {
		if s[w.Start:w.End] != w.Text {
			t.Errorf("word %q is not what stands at %d:%d", w.Text, w.Start, w.End)
		}
		toned = append(toned, w.Toned)
		folded = append(folded, w.Folded)
	}
	if got := strings.Join(toned, " "); got != "chỉ thị 08 ct ubnd hòa bình" {
		t.Errorf("toned words are %q", got)
	}
	if got := strings.Join(folded, " "); got != "chi thi 08 ct ubnd hoa binh" {
		t.Errorf("folded words are %q", got)
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"08/CT-UBND 2021":          "08-ct-ubnd-2021",
		"  Điểm thi – có gì mới? ": "diem-thi-co-gi-moi",
		"!!!":                      "",
		strings.Repeat("học ", 40): strings.Repeat("hoc-", 19) + "hoc",
		strings.Repeat("a", 200):   strings.Repeat("a", 80),
	} {
		if got := text.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"spaces of every kind become one":     {" \tĐiểm\u00a0 thi\r\nsố 1 ", "Điểm thi số 1"},
		"control and invisible characters go": {"a\x00b\u200b\u202ec\ufeff", "abc"},
		"decomposed letters are composed":     {"e\u0302\u0301", "ế"},
		"eth becomes đ":                       {"Ðào", "Đào"},
		"invalid bytes go":                    {"a\xffb", "ab"},
		"emoji and other scripts stay":        {"日本 😀", "日本 😀"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := text.CleanInput(c.in); got != c.want {
				t.Errorf("CleanInput(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
	if got := text.CleanLines("\n a \r\n\r\n\r\n\tb\rc\n\n"); got != "a\n\nb\nc" {
		t.Errorf("CleanLines = %q", got)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Điểm thi", "ＴＨＰＴ", "İẞΩ", "\xff\xc3", "q\u0323\u0302", "ﬃ½№", "ϓ\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Fold(s)
		if twice := text.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Errorf("Fold(%q) is not valid UTF-8", s)
		}
		tone := text.Tone(s)
		if text.Tone(tone) != tone {
			t.Errorf("Tone(%q) = %q moves again", s, tone)
		}
		if utf8.ValidString(s) && text.Fold(tone) != text.Fold(text.NFC(s)) {
			t.Errorf("Tone(%q) = %q changes the letters", s, tone)
		}
		clean := text.CleanLines(s)
		if text.CleanLines(clean) != clean {
			t.Errorf("CleanLines(%q) = %q cleans again", s, clean)
		}
		for _, r := range text.SortKey(s) + text.NameKey(s) {
			if r < '0' || r > '9' {
				t.Fatalf("a sort key of %q has %q", s, r)
			}
		}
		for _, w := range text.Words(s) {
			if s[w.Start:w.End] != w.Text {
				t.Fatalf("word %q of %q is not at its place", w.Text, s)
			}
		}
	})
}

var sentence = strings.Repeat("Thông tin về Kỳ thi tốt nghiệp THPT năm 2021 tại điểm thi số 07. ", 20)

func BenchmarkFold(b *testing.B) {
	b.SetBytes(int64(len(sentence)))
	for b.Loop() {
		text.Fold(sentence)
	}
}

func BenchmarkWords(b *testing.B) {
	b.SetBytes(int64(len(sentence)))
	for b.Loop() {
		text.Words(sentence)
	}
}

func BenchmarkSortKey(b *testing.B) {
	for b.Loop() {
		text.SortKey("Trường THPT Chuyên Lê Quý Đôn")
	}
}
