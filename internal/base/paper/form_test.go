package paper_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/paper"
	"golang.org/x/text/unicode/norm"
)

// eachFormat runs fn on a sample in both formats.
func eachFormat(t *testing.T, sample string, fn func(t *testing.T, path string)) {
	t.Helper()
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			fn(t, papers(t).file(sample, format))
		})
	}
}

const (
	left, right, top, bottom = 30 * mm, 190 * mm, 20 * mm, 277 * mm
	center                   = (left + right) / 2
)

func near(a, b, by float64) bool { return a-b <= by && b-a <= by }

func TestWordsKeepTheMarginsOfA4(t *testing.T) {
	t.Parallel()
	for sample := range samples {
		eachFormat(t, sample, func(t *testing.T, path string) {
			for i, s := range sheets(t, path) {
				wide, high := 210*mm, 297*mm
				if s.Width > s.Height {
					wide, high = high, wide
				}
				if !near(s.Width, wide, 0.5) || !near(s.Height, high, 0.5) {
					t.Errorf("page %d of %s is %.1f×%.1f points", i+1, sample, s.Width, s.Height)
				}
				for _, w := range s.Words {
					if w.Left < left-1 || w.Right > wide-20*mm+1 || w.Bottom > high-20*mm+1 {
						t.Errorf("page %d of %s: “%s” stands in the margin: %.1f–%.1f, to %.1f", i+1, sample, w.Text, w.Left, w.Right, w.Bottom)
					}
				}
			}
		})
	}
}

func TestPageNumbersStandInTheMiddleOfTheTopMarginButNotOnTheFirstPage(t *testing.T) {
	t.Parallel()
	eachFormat(t, "appendices", func(t *testing.T, path string) {
		want, seen := 0, 0
		for i, s := range sheets(t, path) {
			want++
			if strings.Contains(s.text(), "Phụ lục I ") || strings.Contains(s.text(), "Phụ lục II ") {
				want = 1 // an appendix is numbered on its own
			}
			var above []string
			for _, w := range s.Words {
				if w.Bottom > top-2 {
					continue
				}
				above = append(above, w.Text)
				if mid := (left + s.Width - 20*mm) / 2; !near(w.center(), mid, 2) {
					t.Errorf("page %d: the number stands at %.1f, the middle is %.1f", i+1, w.center(), mid)
				}
			}
			number := []string{fmt.Sprint(want)}
			if want == 1 {
				number = nil
			}
			if !slices.Equal(above, number) {
				t.Errorf("page %d has %q in its top margin, want %q", i+1, above, number)
			}
			seen = max(seen, want)
		}
		if seen < 5 {
			t.Errorf("only %d pages in a row were seen", seen)
		}
	})
}

func TestEveryElementHasItsSizeAndFace(t *testing.T) {
	t.Parallel()
	const regular, bold, italic = 0, 1, 2
	for sample, elements := range map[string][]struct {
		text     string
		from, to float64
		face     int
	}{
		"report": {
			{"UBND TỈNH LAI CHÂU", 12, 13, regular},
			{"SỞ GIÁO DỤC VÀ ĐÀO TẠO", 12, 13, bold},
			{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, 13, bold},
			{"Độc lập - Tự do - Hạnh phúc", 13, 14, bold},
			{"Số: 05/BC-SGDĐT", 13, 13, regular},
			{"Lai Châu, ngày 07 tháng 7 năm 2021", 13, 14, italic},
			{"BÁO CÁO", 13, 14, bold},
			{"Tình hình tổ chức buổi thi", 13, 14, bold},
			{"Kính gửi: Văn phòng Bộ", 13, 14, regular},
			{"I. TÌNH HÌNH CHUNG", 13, 14, bold},
			{"Buổi thi được tổ chức tại", 13, 14, regular},
			{"11 giờ 30 phút", 13, 14, bold},
			{"23/23 điểm thi", 13, 14, italic},
			{"Tổng cộng", 11, 13, bold},
		},
		"letter": {
			{"V/v cung cấp", 12, 13, regular},
			{"Căn cứ Chỉ thị", 13, 14, italic},
			{"HỎA TỐC", 13, 14, bold},
			{"LƯU HÀNH NỘI BỘ", 13, 14, bold},
			{"DỰ THẢO", 13, 14, bold},
			{"TL. GIÁM ĐỐC", 13, 14, bold},
			{"KT. CHÁNH VĂN PHÒNG", 13, 14, bold},
			{"Trần Văn Đức", 13, 14, bold},
			{"Nơi nhận:", 12, 12, bold | italic},
			{"- Như trên;", 11, 11, regular},
			{"- Lưu: VT, VP.", 11, 11, regular},
		},
		"plan": {{"KẾ HOẠCH", 13, 14, bold}, {"1. Mục đích", 13, 14, bold}, {"Số: …/KH-SGDĐT", 13, 13, regular}},
	} {
		eachFormat(t, sample, func(t *testing.T, path string) {
			page := settings(t, path, 1)
			for _, e := range elements {
				i := slices.IndexFunc(page, func(s setting) bool { return strings.Contains(s.text, e.text) })
				if i < 0 {
					t.Errorf("“%s” is not on the first page in one face: %+v", e.text, page)
					continue
				}
				s := page[i]
				if s.size < e.from-0.1 || s.size > e.to+0.1 || s.bold != (e.face&bold != 0) || s.italic != (e.face&italic != 0) {
					t.Errorf("“%s” is set %+v, want %v–%v points, face %d", e.text, s, e.from, e.to, e.face)
				}
			}
		})
	}
}

func TestTheHeadStandsInTwoColumns(t *testing.T) {
	t.Parallel()
	eachFormat(t, "report", func(t *testing.T, path string) {
		s := sheets(t, path)[0]
		nation, motto := s.phrase(t, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), s.phrase(t, "Độc lập - Tự do - Hạnh phúc")
		governing, issuing := s.phrase(t, "UBND TỈNH LAI CHÂU"), s.phrase(t, "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
		number, place := s.phrase(t, "Số: 05/BC-SGDĐT"), s.phrase(t, "Lai Châu, ngày 07 tháng 7 năm 2021")
		for _, same := range [][]inWord{{nation, motto, place}, {governing, issuing, number}} {
			for _, w := range same[1:] {
				if !near(w.center(), same[0].center(), 2) {
					t.Errorf("“%s” has its middle at %.1f, “%s” at %.1f", w.Text, w.center(), same[0].Text, same[0].center())
				}
				if w.Top <= same[0].Top {
					t.Errorf("“%s” is not below “%s”", w.Text, same[0].Text)
				}
			}
		}
		if issuing.Right >= nation.Left {
			t.Errorf("the columns run into each other: %.1f, %.1f", issuing.Right, nation.Left)
		}
		if !near(governing.Top, nation.Top, 1.5) || !near(number.Bottom, place.Bottom, 1.5) {
			t.Errorf("the columns are not level: %.1f %.1f, %.1f %.1f", governing.Top, nation.Top, number.Bottom, place.Bottom)
		}
		if kind := s.phrase(t, "BÁO CÁO"); !near(kind.center(), center, 2) || kind.Top < place.Bottom {
			t.Errorf("the type stands at %.1f, %.1f", kind.center(), kind.Top)
		}
	})
}

func TestLinesAreAsLongAsTheFormSays(t *testing.T) {
	t.Parallel()
	eachFormat(t, "plan", func(t *testing.T, path string) {
		s := sheets(t, path)[0]
		pic := pictureOf(t, path, 1)
		for _, c := range []struct {
			below    string
			from, to float64 // share of the text
		}{
			{"Độc lập - Tự do - Hạnh phúc", 0.97, 1.03},
			{"SỞ GIÁO DỤC VÀ ĐÀO TẠO", 1. / 3, 1. / 2},
			{"Truyền thông về Kỳ thi tốt nghiệp THPT năm 2021", 1. / 3, 1. / 2},
		} {
			text := s.phrase(t, c.below)
			from, to := pic.rule(text.Bottom-2.5, text.Bottom+5, text.Left-5, text.Right+5)
			wide := text.Right - text.Left
			if share := (to - from) / wide; share < c.from || share > c.to {
				t.Errorf("the line below “%s” is %.2f of it", c.below, share)
			}
			if !near((from+to)/2, text.center(), 2) {
				t.Errorf("the line below “%s” has its middle at %.1f, the text at %.1f", c.below, (from+to)/2, text.center())
			}
		}
		if from, to := pic.rule(s.phrase(t, "KẾ HOẠCH").Top-6, s.phrase(t, "KẾ HOẠCH").Top-1, left, right); to-from > 30 {
			t.Errorf("there is a line above the type where none belongs: %.1f–%.1f", from, to)
		}
	})
}

func TestTheStampOfUrgencyIsOfItsSize(t *testing.T) {
	t.Parallel()
	eachFormat(t, "letter", func(t *testing.T, path string) {
		s := sheets(t, path)[0]
		word := s.phrase(t, "HỎA TỐC")
		pic := pictureOf(t, path, 1)
		from, to := pic.rule(word.Top-8, word.Bottom+8, left, left+64*mm)
		if wide := (to - from) / mm; !near(wide, 30, 0.8) {
			t.Errorf("the box is %.1f mm wide", wide)
		}
		upper, lower := word.Top, word.Bottom
		dark := func(y float64) bool {
			a, b := pic.rule(y, y+0.6, left, left+64*mm)
			return b-a > 20*mm
		}
		for !dark(upper) && upper > word.Top-20 {
			upper -= 0.25
		}
		for !dark(lower) && lower < word.Bottom+20 {
			lower += 0.25
		}
		if high := (lower - upper) / mm; !near(high, 8, 0.8) {
			t.Errorf("the box is %.1f mm high", high)
		}
	})
}

func TestTheBodyEndsWithItsMarkAndTheSignatureIsNotTornFromIt(t *testing.T) {
	t.Parallel()
	for sample, signer := range map[string]string{"report": "Nguyễn Thị Hạnh", "letter": "Trần Văn Đức", "plan": "Đinh Trung Tuấn"} {
		eachFormat(t, sample, func(t *testing.T, path string) {
			all := sheets(t, path)
			last := all[len(all)-1]
			var marks []inWord
			for i, s := range all {
				for _, w := range s.Words {
					if strings.HasSuffix(w.Text, "./.") {
						if i != len(all)-1 {
							t.Errorf("the end mark stands on page %d of %d", i+1, len(all))
						}
						marks = append(marks, w)
					}
				}
			}
			if len(marks) != 1 {
				t.Fatalf("%d end marks: %v", len(marks), marks)
			}
			copies, name := last.phrase(t, "Nơi nhận:"), last.phrase(t, signer)
			if marks[0].Bottom > copies.Top {
				t.Errorf("the end mark is not above Nơi nhận")
			}
			if !near(copies.Left, left, 1) {
				t.Errorf("Nơi nhận begins at %.1f", copies.Left)
			}
			if name.center() < center || name.Bottom < copies.Bottom+40 {
				t.Errorf("the name stands at %.1f, %.1f; there is no room to sign", name.center(), name.Top)
			}
		})
	}
}

func TestTheSignersPostIsLevelWithNoiNhan(t *testing.T) {
	t.Parallel()
	eachFormat(t, "plan", func(t *testing.T, path string) {
		all := sheets(t, path)
		if len(all) < 4 {
			t.Errorf("the plan has %d pages", len(all))
		}
		last := all[len(all)-1]
		copies, post := last.phrase(t, "Nơi nhận:"), last.phrase(t, "GIÁM ĐỐC")
		if !near(copies.Bottom, post.Bottom, 3.5) {
			t.Errorf("Nơi nhận stands at %.1f, the post at %.1f", copies.Bottom, post.Bottom)
		}
	})
}

// Source: R-NN-5.
func TestNoiNhanIsPrintedWithItsRoles(t *testing.T) {
	t.Parallel()
	eachFormat(t, "plan", func(t *testing.T, path string) {
		all := sheets(t, path)
		last := all[len(all)-1]
		above := last.phrase(t, "Nơi nhận:")
		for _, line := range []string{"- Tỉnh ủy (báo cáo);", "- UBND tỉnh, Ban Chỉ đạo thi (báo cáo);", "- Lãnh đạo Sở GDĐT (chỉ đạo);",
			"- Các cơ quan truyền thông tại địa phương (phối hợp);", "- Trung tâm GDTX-GDNN các huyện (thực hiện);", "- Website Ngành;", "- Lưu: VT, VP."} {
			got := last.phrase(t, line)
			if got.Top < above.Top || !near(got.Left, left, 1) {
				t.Errorf("“%s” stands at %.1f, %.1f", line, got.Left, got.Top)
			}
			above = got
		}
		for _, w := range last.Words {
			if w.Right < center && w.Top > above.Bottom {
				t.Errorf("“%s” stands below “Lưu”", w.Text)
			}
		}
		if strings.Contains(last.text(), "Như trên") {
			t.Error("a plan without Kính gửi says Như trên")
		}
	})
	eachFormat(t, "report", func(t *testing.T, path string) {
		all := sheets(t, path)
		last := all[len(all)-1]
		if above := last.phrase(t, "- Như trên;"); above.Top > last.phrase(t, "- Thường trực Ban Chỉ đạo thi cấp tỉnh (b/c);").Top {
			t.Error("Như trên is not the first line")
		}
	})
}

func TestADraftSaysSoOnEveryPage(t *testing.T) {
	t.Parallel()
	eachFormat(t, "plan", func(t *testing.T, path string) {
		for i, s := range sheets(t, path) {
			if strings.Count(s.text(), "DỰ THẢO") != 1 {
				t.Errorf("page %d says DỰ THẢO %d times", i+1, strings.Count(s.text(), "DỰ THẢO"))
			}
		}
	})
	t.Run("and a numbered paper does not", func(t *testing.T) {
		eachFormat(t, "report", func(t *testing.T, path string) {
			for _, s := range sheets(t, path) {
				if strings.Contains(s.text(), "DỰ THẢO") {
					t.Error("a numbered paper says DỰ THẢO")
				}
			}
		})
	})
}

func TestSeveralAddresseesStandBelowTheColon(t *testing.T) {
	t.Parallel()
	eachFormat(t, "letter", func(t *testing.T, path string) {
		s := sheets(t, path)[0]
		to := s.phrase(t, "Kính gửi:")
		for _, line := range []string{"- Các đơn vị trực thuộc Sở;", "- Phòng Giáo dục và Đào tạo các huyện, thành phố;", "- Trung tâm GDNN-GDTX các huyện."} {
			if l := s.phrase(t, line); !near(l.Left, to.Right, 5) || l.Top < to.Top {
				t.Errorf("“%s” begins at %.1f, the colon stands at %.1f", line, l.Left, to.Right)
			}
		}
	})
}

func TestALongTableRepeatsItsHeadAndLosesNoRow(t *testing.T) {
	t.Parallel()
	eachFormat(t, "appendices", func(t *testing.T, path string) {
		rows, pages := map[string]int{}, 0
		var lastRow string
		name := regexp.MustCompile(`số (\d+) `)
		for i, s := range sheets(t, path) {
			if s.Width < s.Height {
				continue
			}
			pages++
			text := s.text()
			if head := s.phrase(t, "Địa chỉ"); strings.Count(text, "Địa chỉ") != 1 || head.Bottom > s.phrase(t, "Trường trung học").Top+1 {
				t.Errorf("page %d has not one head above its rows: %s", i+1, text)
			}
			if strings.Contains(text, "Tổng cộng") && strings.Count(text, "Trường") == 0 {
				t.Errorf("the line of totals stands alone on page %d", i+1)
			}
			for _, m := range name.FindAllStringSubmatch(strings.ReplaceAll(text, "Xã số", "Xã"), -1) {
				rows[m[1]]++
				lastRow = m[1]
			}
		}
		if pages < 5 || lastRow != "200" {
			t.Errorf("%d pages on their side, the last row is %s", pages, lastRow)
		}
		for i := range 200 {
			if n := rows[fmt.Sprint(i+1)]; n != 1 {
				t.Errorf("row %d is there %d times", i+1, n)
			}
		}
	})
}

func TestAppendicesNameThePaperTheyBelongTo(t *testing.T) {
	t.Parallel()
	eachFormat(t, "appendices", func(t *testing.T, path string) {
		text := ""
		for _, s := range sheets(t, path) {
			text += s.text()
		}
		for _, want := range []string{
			"Phụ lục I DANH SÁCH ĐIỂM THI VÀ SỐ LIỆU CỦA TỪNG ĐIỂM THI (Kèm theo Báo cáo số 123/BC-SGDĐT ngày 09 tháng 01 năm 2026 của Sở Giáo dục và Đào tạo)",
			"Phụ lục II NHỮNG VIỆC ĐÃ LÀM (Kèm theo",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("“%s” is missing", want)
			}
		}
	})
}

func TestBothFormatsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"report", "letter", "plan"} {
		t.Run(sample, func(t *testing.T) {
			t.Parallel()
			p := papers(t)
			// The text area of every page in the order it was drawn: without the page's head.
			pdf := strings.Fields(string(run(t, "pdftotext", "-raw", "-r", "72", "-x", "0", "-y", "50", "-W", "600", "-H", "800", p.file(sample, "PDF"), "-")))
			docx := docxWords(t, p.docx(sample))
			if len(docx) < 100 {
				t.Fatalf("only %d words in the DOCX", len(docx))
			}
			for i := range max(len(pdf), len(docx)) {
				if i >= len(pdf) || i >= len(docx) || pdf[i] != docx[i] {
					t.Fatalf("word %d differs: PDF …%v, DOCX …%v", i, pdf[max(0, min(i, len(pdf))-3):min(i+3, len(pdf))], docx[max(0, min(i, len(docx))-3):min(i+3, len(docx))])
				}
			}
		})
	}
}

func TestTheFontsOfThePDFAreEmbeddedAndSubset(t *testing.T) {
	t.Parallel()
	p := papers(t)
	lines := strings.Split(strings.TrimSpace(string(run(t, "pdffonts", p.file("letter", "PDF")))), "\n")[2:]
	if len(lines) == 0 {
		t.Fatal("no fonts")
	}
	for _, l := range lines {
		if !regexp.MustCompile(`^[A-Z]{6}\+Tinos-\w+ +CID TrueType +Identity-H +yes yes yes `).MatchString(l) {
			t.Errorf("font: %s", l)
		}
	}
	var b bytes.Buffer
	if err := paper.WritePDF(&b, letter()); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 60_000 {
		t.Errorf("a letter of one page is %d bytes", b.Len())
	}
	info := string(run(t, "pdfinfo", p.file("letter", "PDF")))
	if !strings.Contains(info, "Công văn về việc cung cấp địa chỉ") || !strings.Contains(info, "(A4)") {
		t.Errorf("pdfinfo: %s", info)
	}
	if text := string(run(t, "pdftotext", p.file("plan", "PDF"), "-")); !norm.NFC.IsNormalString(text) || !strings.Contains(text, "nhận thức đầy đủ, đúng đắn") {
		t.Error("the text of the PDF is not composed Vietnamese")
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]func(io.Writer, *paper.Document) error{"PDF": paper.WritePDF, "DOCX": paper.WriteDOCX} {
		var a, b bytes.Buffer
		if as(&a, withAppendices()) != nil || as(&b, withAppendices()) != nil {
			t.Fatal("the sample is refused")
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("two %s of one document differ", name)
		}
	}
}

func TestTheDOCXHasRealStylesAndIsWellFormed(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	d := letter()
	d.Abstract = `họp "A & B" <khẩn>`
	if err := paper.WriteDOCX(&b, d); err != nil {
		t.Fatal(err)
	}
	p := papers(t)
	for _, sample := range []string{"plan", "appendices"} {
		main := docxPart(t, p.docx(sample), "word/document.xml")
		styles := string(docxPart(t, p.docx(sample), "word/styles.xml"))
		for _, part := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/settings.xml", "word/fontTable.xml",
			"word/header1.xml", "word/_rels/document.xml.rels", "docProps/core.xml", "docProps/app.xml"} {
			dec := xml.NewDecoder(bytes.NewReader(docxPart(t, p.docx(sample), part)))
			for {
				if _, err := dec.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", part, err)
				}
			}
		}
		used := regexp.MustCompile(`w:(?:pStyle|tblStyle) w:val="(\w+)"`).FindAllSubmatch(main, -1)
		if len(used) < 20 {
			t.Fatalf("only %d paragraphs have a style", len(used))
		}
		for _, m := range used {
			if !strings.Contains(styles, `w:styleId="`+string(m[1])+`"`) {
				t.Errorf("style %s is used and not defined", m[1])
			}
		}
		for _, want := range []string{`w:val="Quốc hiệu"`, `w:val="Trích yếu nội dung"`, `w:val="Nơi nhận"`, `w:lang w:val="vi-VN"`, `w:ascii="Times New Roman"`} {
			if !strings.Contains(styles, want) {
				t.Errorf("styles.xml has no %s", want)
			}
		}
		if !regexp.MustCompile(`</w:sectPr></w:body></w:document>$`).Match(main) {
			t.Error("the section's properties are not last in the body")
		}
	}
	if main := docxPart(t, p.docx("appendices"), "word/document.xml"); bytes.Count(main, []byte("<w:tblHeader/>")) < 3 || !bytes.Contains(main, []byte("<w:cantSplit/>")) {
		t.Error("the table's head does not repeat, or its rows split")
	}
}
