package richtext_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
)

// docx packs a document; parts are further names and contents, replacing those of the same name.
func docx(t testing.TB, body string, parts ...string) []byte {
	t.Helper()
	all := []string{
		"_rels/.rels", `<Relationships xmlns="r"><Relationship Id="r" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels", `<Relationships><Relationship Id="s" Type="http://x/styles" Target="styles.xml"/><Relationship Id="n" Type="http://x/numbering" Target="numbering.xml"/>` +
			`<Relationship Id="h" Type="http://x/hyperlink" Target="https://moet.gov.vn/" TargetMode="External"/><Relationship Id="f" Type="http://x/hyperlink" Target="file:///c:/x.doc" TargetMode="External"/></Relationships>`,
		"word/styles.xml", `<w:styles xmlns:w="w"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			`<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/><w:rPr><w:b/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="C"><w:name w:val="Giữa"/><w:basedOn w:val="N"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="T3"><w:name w:val="Cũ"/><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:style>` +
			`<w:style w:type="character" w:styleId="S"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`,
		"word/numbering.xml", `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">` +
			`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>` +
			`<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>` +
			`<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>` +
			`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>` +
			`<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>`,
		"word/document.xml", `<w:document xmlns:w="w" xmlns:r="r"><w:body>` + body + `<w:sectPr/></w:body></w:document>`,
	}
	for i := 0; i < len(parts); i += 2 {
		if at := slices.Index(all, parts[i]); at >= 0 {
			all[at+1] = parts[i+1]
		} else {
			all = append(all, parts[i], parts[i+1])
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(all); i += 2 {
		w, err := z.Create(all[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fromDOCX(t *testing.T, b []byte) richtext.Doc {
	t.Helper()
	d, err := richtext.FromDOCX(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	checkHTML(t, d)
	return d
}

// p is a paragraph of one run.
func p(props, words string) string {
	return "<w:p><w:pPr>" + props + "</w:pPr><w:r><w:t>" + words + "</w:t></w:r></w:p>"
}

func num(id, level string) string {
	return `<w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + id + `"/></w:numPr>`
}

func TestWordDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"headings by style":           {p(`<w:pStyle w:val="H1"/>`, "Mở đầu") + p("", "a"), "<h2 id=\"muc-mo-dau\">Mở đầu</h2>\n<p>a</p>"},
		"headings by outline level":   {p(`<w:outlineLvl w:val="0"/>`, "Mở đầu"), "<h2 id=\"muc-mo-dau\">Mở đầu</h2>"},
		"headings by their number":    {p("", "I. MỤC ĐÍCH") + p("", "a"), "<h2 id=\"muc-i\">I. MỤC ĐÍCH</h2>\n<p>a</p>"},
		"alignment by style":          {p(`<w:pStyle w:val="C"/>`, "a") + p(`<w:pStyle w:val="C"/><w:jc w:val="both"/>`, "b"), "<p class=\"center\">a</p>\n<p>b</p>"},
		"numbers of headings":         {p(num("2", "0"), "MỤC ĐÍCH") + p(`<w:pStyle w:val="H2"/>`, "Yêu cầu") + p(num("2", "2"), "Sở;") + p(num("2", "2"), "Trường.") + p(`<w:pStyle w:val="H2"/>`, "Khác") + p(num("2", "2"), "Sở."), "<h2 id=\"muc-i\">I. MỤC ĐÍCH</h2>\n<h3 id=\"muc-i-1\">1. Yêu cầu</h3>\n<p id=\"muc-i-1-a\">a) Sở;</p>\n<p id=\"muc-i-1-b\">b) Trường.</p>\n<h3 id=\"muc-i-2\">2. Khác</h3>\n<p id=\"muc-i-2-a\">a) Sở.</p>"},
		"lists":                       {p(num("1", "0"), "Toán") + p(num("1", "1"), "đại số") + p(num("1", "0"), "Văn") + p("", "x") + p(num("1", "0"), "Sử") + p(num("3", "0"), "Địa"), "<ol>\n<li>Toán<ul>\n<li>đại số</li>\n</ul>\n</li>\n<li>Văn</li>\n</ol>\n<p>x</p>\n<ol start=\"3\">\n<li>Sử</li>\n</ol>\n<ol start=\"5\">\n<li>Địa</li>\n</ol>"},
		"no number by numId 0":        {p(`<w:pStyle w:val="H2"/>`+num("0", "0"), "A"), "<h2 id=\"muc-a\">A</h2>"},
		"marks":                       {`<w:p><w:r><w:rPr><w:b/><w:i w:val="0"/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r><w:r><w:rPr><w:rStyle w:val="S"/><w:u w:val="single"/></w:rPr><w:t xml:space="preserve"> b</w:t></w:r><w:r><w:rPr><w:caps/><w:u w:val="none"/></w:rPr><w:t>đ</w:t></w:r></w:p>`, "<p><strong>a</strong><sup>2</sup><strong><u> b</u></strong>Đ</p>"},
		"breaks and tabs":             {`<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:br w:type="page"/></w:r></w:p>`, "<p>a<br>b c</p>"},
		"links":                       {`<w:p><w:hyperlink r:id="h"><w:r><w:t>Bộ</w:t></w:r></w:hyperlink> <w:hyperlink r:id="f"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>`, "<p><a href=\"https://moet.gov.vn/\">Bộ</a>x</p>"},
		"fields show their result":    {`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText><w:t>no</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>.</w:t></w:r></w:p>`, "<p>7.</p>"},
		"tracked changes":             {`<w:p><w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del></w:p>`, "<p>mới</p>"},
		"hidden text":                 {`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r><w:r><w:t>a</w:t></w:r></w:p>`, "<p>a</p>"},
		"old fonts":                   {p(`<w:pStyle w:val="T3"/>`, "H\u00adíng dÉn") + `<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr><w:t>kÕ ho¹ch</w:t></w:r></w:p>` + p("", "Điểm"), "<p>Hướng dẫn</p>\n<p>KẾ HOẠCH</p>\n<p>Điểm</p>"},
		"content controls":            {"<w:sdt><w:sdtContent>" + p("", "a") + "</w:sdtContent></w:sdt>", "<p>a</p>"},
		"text that looks like markup": {p("", "&lt;script&gt;alert(1)&lt;/script&gt;"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.TrimSuffix(fromDOCX(t, docx(t, c.in)).HTML(), "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func cell(props, words string) string {
	return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + p("", words) + "</w:tc>"
}

func TestWordTables(t *testing.T) {
	t.Parallel()
	in := `<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>` + cell("", "Ngày") + cell(`<w:gridSpan w:val="2"/>`, "Môn") + `</w:tr>` +
		`<w:tr>` + cell(`<w:vMerge w:val="restart"/>`, "7/7") + cell("", "Văn") + cell("", "120") + `</w:tr>` +
		`<w:tr>` + cell(`<w:vMerge/>`, "") + cell("", "Toán") + cell("", "90") + `</w:tr></w:tbl>`
	const want = `<thead><tr><th scope="col">Ngày</th><th scope="colgroup" colspan="2">Môn</th></tr></thead>` +
		`<tbody><tr><td rowspan="2">7/7</td><td>Văn</td><td>120</td></tr><tr><td>Toán</td><td>90</td></tr></tbody>`
	if got := strings.ReplaceAll(fromDOCX(t, docx(t, in)).HTML(), "\n", ""); !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatIsLeftOutOfWordIsTold(t *testing.T) {
	t.Parallel()
	d := fromDOCX(t, docx(t, `<w:p><w:r><w:drawing/><w:footnoteReference w:id="1"/><w:t>a</w:t></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:hyperlink r:id="f"><w:r><w:t>b</w:t></w:r></w:hyperlink></w:p>`,
		"word/vbaProject.bin", "x", "word/embeddings/o.bin", "x", "word/comments.xml", "<c/>",
		"word/_rels/document.xml.rels", `<Relationships><Relationship Id="t" Type="http://x/attachedTemplate" Target="http://evil/t.dotm" TargetMode="External"/><Relationship Id="f" Type="http://x/hyperlink" Target="javascript:x" TargetMode="External"/></Relationships>`))
	notes := strings.Join(d.Notes, "\n")
	for _, want := range []string{"macro", "tệp nhúng", "bên lề", "ở nơi khác", "Hình ảnh", "Chú thích", "Track Changes", "không an toàn"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note of %q in\n%s", want, notes)
		}
	}
	if got := d.Text(); got != "ab" {
		t.Errorf("the text is %q", got)
	}
}

func TestWhatIsNoWordDocumentIsRefused(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 310_000 {
		fmt.Fprintf(&many, `<w:p w:rsidR="%x"/>`, i*2654435761%(1<<32))
	}
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
		says string
	}{
		"old Word":         {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest"), fault.Invalid, ".doc"},
		"a program":        {[]byte("MZ\x90\x00"), fault.Invalid, "hỏng"},
		"nothing":          {nil, fault.Invalid, "hỏng"},
		"a workbook":       {docx(t, "", "_rels/.rels", `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`), fault.Invalid, "không phải tệp Word"},
		"broken XML":       {docx(t, "<w:p>", "word/document.xml", "<w:document><w:body>"), fault.Invalid, "hỏng"},
		"empty XML":        {docx(t, "", "word/document.xml", ""), fault.Invalid, "hỏng"},
		"nested too deep":  {docx(t, strings.Repeat("<w:sdt>", 300)+strings.Repeat("</w:sdt>", 300)), fault.TooLarge, "phức tạp"},
		"too many parts":   {docx(t, many.String()), fault.TooLarge, "quá dài"},
		"a bomb of spaces": {docx(t, strings.Repeat(" ", 20<<20)+"<w:p/>"), fault.TooLarge, "bung ra"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := richtext.FromDOCX(bytes.NewReader(c.data), int64(len(c.data)))
			if !fault.Is(err, c.kind) || !strings.Contains(fault.Message(err), c.says) {
				t.Errorf("got %v, want %v saying %q", err, c.kind, c.says)
			}
		})
	}
}

func FuzzFromDOCX(f *testing.F) {
	for _, s := range []string{p("", "a"), p(num("1", "0"), "Toán") + p(num("2", "2"), "b"), `<w:tbl><w:tr>` + cell(`<w:vMerge w:val="restart"/><w:gridSpan w:val="3"/>`, "a") + `</w:tr><w:tr>` + cell(`<w:vMerge/>`, "") + cell("", "b") + `</w:tr></w:tbl>`, p(`<w:pStyle w:val="H1"/>`, "Chương I") + p(`<w:jc w:val="center"/>`, "TÊN"), `<w:p><w:hyperlink r:id="h"><w:r><w:fldChar w:fldCharType="end"/><w:t>x</w:t></w:r></w:hyperlink></w:p>`} {
		f.Add(s, []byte(nil))
	}
	f.Add("", docx(f, p("", "a")))
	f.Fuzz(func(t *testing.T, body string, whole []byte) {
		for _, b := range [][]byte{docx(t, body), whole} {
			d, err := richtext.FromDOCX(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
					t.Fatalf("an error that is no refusal: %v", err)
				}
				continue
			}
			checkHTML(t, d)
		}
	})
}
