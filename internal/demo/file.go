package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
)

// inventedLines are what the demonstration's one file says. It is a Word file and no PDF: the program
// reads it without its PDF reader, whose start would keep a small machine busy among the first pages.
var inventedLines = []string{
	"TỆP GIẢ ĐỊNH",
	"Tệp này do bản trình diễn Bảng Vàng tạo ra để dùng thử, không phải văn bản của cơ quan nào.",
	"I. PHÂN CÔNG TRỰC",
	"1. Ngày 06/7/2021: trực buổi làm thủ tục dự thi.",
	"2. Ngày 07 và 08/7/2021: trực từ 06 giờ 30 đến khi nhận báo cáo cuối cùng của các điểm thi.",
	"II. LIÊN HỆ",
	"1. Điện thoại của Sở: 02133799569, 02133876961.",
}

// inventedFile writes the lines as a Word file.
func inventedFile() ([]byte, error) {
	const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	var body bytes.Buffer
	for _, line := range inventedLines {
		body.WriteString("<w:p><w:r><w:t>")
		if err := xml.EscapeText(&body, []byte(line)); err != nil {
			return nil, err
		}
		body.WriteString("</w:t></w:r></w:p>")
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="` + word + `"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			return nil, err
		}
	}
	err := z.Close() // writes the end of the file
	return file.Bytes(), err
}
