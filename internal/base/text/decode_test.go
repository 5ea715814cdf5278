package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"bangvang/internal/base/text"
)

// The motto of every official document, as the fonts of each encoding stored it.
const (
	motto      = "Cộng hòa xã hội chủ nghĩa Việt Nam"
	mottoTCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam"
	mottoVNI   = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam"
)

func latin1(t *testing.T, s string) []byte {
	t.Helper()
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func utf16Bytes(s string, big bool) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// windows1258 writes s as that code page does: tone marks apart from letters that keep their own.
func windows1258(t *testing.T, s string) []byte {
	t.Helper()
	var out []byte
	for _, r := range s {
		if c, ok := charmap.Windows1258.EncodeRune(r); ok {
			out = append(out, c)
			continue
		}
		var base, tone []rune
		for _, d := range norm.NFD.String(string(r)) {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", d) {
				tone = append(tone, d)
			} else {
				base = append(base, d)
			}
		}
		for _, d := range append([]rune(norm.NFC.String(string(base))), tone...) {
			c, ok := charmap.Windows1258.EncodeRune(d)
			if !ok {
				t.Fatalf("%q has no code", d)
			}
			out = append(out, c)
		}
	}
	return out
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in       []byte
		want     string
		encoding text.Encoding
		certain  bool
	}{
		"UTF-8":                        {[]byte(motto), motto, text.UTF8, true},
		"UTF-8 with a mark":            {[]byte("\ufeff" + motto), motto, text.UTF8, true},
		"UTF-8 decomposed":             {[]byte(norm.NFD.String(motto)), motto, text.UTF8, true},
		"plain ASCII":                  {[]byte("SBD;Toan"), "SBD;Toan", text.UTF8, true},
		"nothing":                      {nil, "", text.UTF8, true},
		"UTF-16 LE with a mark":        {append([]byte("\xff\xfe"), utf16Bytes(motto, false)...), motto, text.UTF16LE, true},
		"UTF-16 BE with a mark":        {append([]byte("\xfe\xff"), utf16Bytes(motto, true)...), motto, text.UTF16BE, true},
		"UTF-16 LE without a mark":     {utf16Bytes(motto, false), motto, text.UTF16LE, false},
		"UTF-16 BE without a mark":     {utf16Bytes(motto, true), motto, text.UTF16BE, false},
		"TCVN3":                        {latin1(t, mottoTCVN3), motto, text.TCVN3, false},
		"TCVN3 saved as UTF-8":         {[]byte(mottoTCVN3), motto, text.TCVN3, false},
		"TCVN3 capitals":               {latin1(t, "Hä vµ tªn;NGUYÔN V¡N ¸nh"), "Họ và tên;NGUYỄN VĂN ánh", text.TCVN3, false},
		"VNI":                          {latin1(t, mottoVNI), motto, text.VNI, false},
		"VNI capitals":                 {latin1(t, "ÑIEÅM THI, NGÖÔØI TOÁT"), "ĐIỂM THI, NGƯỜI TỐT", text.VNI, false},
		"Windows-1258":                 {windows1258(t, motto), motto, text.Windows1258, false},
		"UTF-8 taken for Windows-1252": {[]byte("ThÃ­ sinh Ä‘áº¡t Ä‘iá»ƒm"), "Thí sinh đạt điểm", text.Garbled, false},
		"Latin-1 that happens to do":   {[]byte("To\xe1n, L\xed"), "Toán, Lí", text.Windows1252, false},
		"UTF-8 with a broken byte":     {[]byte(motto + "\xff" + motto), motto + "\ufffd" + motto, text.UTF8, false},
		"German":                       {[]byte("Pr\xfcfung, \xdcbung"), "Prüfung, Übung", text.Windows1252, false},
		"plain lines before the first mark": {append([]byte(strings.Repeat("07000001;7.5\n", 20000)), latin1(t, "T¹ ThÞ Hµ")...),
			strings.Repeat("07000001;7.5\n", 20000) + "Tạ Thị Hà", text.TCVN3, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, guess := text.Decode(c.in)
			if got != c.want || guess.Encoding != c.encoding || guess.Certain != c.certain {
				t.Errorf("got  %.200q\nwant %.200q\nguess %+v, want %s, certain %v", got, c.want, guess, c.encoding, c.certain)
			}
			if guess.Certain == (guess.Note != "") {
				t.Errorf("a guess that is not certain says so, a certain one says nothing: %+v", guess)
			}
		})
	}
}

func TestRecodeLeavesUnicodeAlone(t *testing.T) {
	t.Parallel()
	for _, s := range []string{motto, "Toán", "Lí, Hoá", "Müller", "Hélène", "25 °C, 10 m², ½", "Đỗ Thị Lò", "“A”", ""} {
		if got, guess := text.Recode(s); got != s || !guess.Certain {
			t.Errorf("Recode(%q) = %q, %+v", s, got, guess)
		}
	}
	for in, want := range map[string]string{"ThÝ sinh": "Thí sinh", "§iÓm thi": "Điểm thi", "Ñieåm thi": "Điểm thi", "TRƯỜNG": "TRƯỜNG"} {
		if got, _ := text.Recode(in); got != want {
			t.Errorf("Recode(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRecodeAsKeepsWhatIsVietnameseAlready(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Hµ": "Hà", "Toán": "Toán", "Điểm": "Điểm", "abc": "abc", "S¬n La": "Sơn La", "Phßng 1 – “A”": "Phòng 1 – “A”"} {
		if got := text.RecodeAs(in, text.TCVN3); got != want {
			t.Errorf("RecodeAs(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every letter of the alphabet, in the order of the standard's table.
func TestEveryLetterOfTheABCFonts(t *testing.T) {
	t.Parallel()
	const codes = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ"
	const want = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
	if got := text.RecodeAs("x "+codes, text.TCVN3); got != "x "+want {
		t.Errorf("got  %q\nwant %q", got, "x "+want)
	}
}

func TestEveryLetterOfTheVNIFonts(t *testing.T) {
	t.Parallel()
	const codes = "aøaûaõaùaï aêaèaúaüaéaë aâaàaåaãaáaä ñ eøeûeõeùeï eâeàeåeãeáeä ìæóíò oøoûoõoùoï oâoàoåoãoáoä ôôøôûôõôùôï uøuûuõuùuï ööøöûöõöùöï yøyûyõyùî"
	const want = "àảãáạ ăằẳẵắặ âầẩẫấậ đ èẻẽéẹ êềểễếệ ìỉĩíị òỏõóọ ôồổỗốộ ơờởỡớợ ùủũúụ ưừửữứự ỳỷỹýỵ"
	if got := text.RecodeAs(codes, text.VNI); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := text.RecodeAs(strings.ToUpper(codes), text.VNI); got != strings.ToUpper(want) {
		t.Errorf("got  %q\nwant %q", got, strings.ToUpper(want))
	}
}

func TestFontEncoding(t *testing.T) {
	t.Parallel()
	for font, want := range map[string]text.Encoding{".VnTime": text.TCVN3, ".VNTIMEH": text.TCVN3, "VNI-Times": text.VNI, "Times New Roman": "", "": ""} {
		if got, _ := text.FontEncoding(font); got != want {
			t.Errorf("FontEncoding(%q) = %q, want %q", font, got, want)
		}
	}
	if _, capitals := text.FontEncoding(".VnTimeH"); !capitals {
		t.Error(".VnTimeH shows capitals")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{motto, mottoTCVN3, mottoVNI, "\xff\xfea\x00", "\xfe\xff\xd8", "\xef\xbb\xbf\xff", "To\xe1n", "a\x00b\x00c\x00d\x00e", "\xad\xb0", "\xd8\x00\x00\x00\xd8\x00\x00\x00\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, guess := text.Decode(b)
		if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
			t.Fatalf("Decode(%q) = %q is not valid text in NFC", b, s)
		}
		if guess.Encoding == "" || guess.Certain == (guess.Note != "") {
			t.Fatalf("Decode(%q): %+v", b, guess)
		}
	})
}

func TestRecodeRowLeavesUnicodeNeighboursAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want []string }{
		"a Unicode header of letters that old encodings have": {[]string{"STT", "Tên", "Mã"}, []string{"STT", "Tên", "Mã"}},
		"a Unicode header":                {[]string{"Họ tên", "Tên"}, []string{"Họ tên", "Tên"}},
		"an old header":                   {[]string{"Hä vµ tªn", "Mê"}, []string{"Họ và tên", "Mờ"}},
		"a note in Unicode in an old row": {[]string{"Lß V¨n ¦ng", "Lai Ch©u", "Điểm thi số 1", "Tên"}, []string{"Lò Văn Ưng", "Lai Châu", "Điểm thi số 1", "Tên"}},
	} {
		got := slices.Clone(c.in)
		if text.RecodeRow(got, text.TCVN3); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
