package inspect_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// pdfObjects writes a PDF of the given objects, the first being the catalog.
func pdfObjects(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict, s string) string {
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(s), s)
}

// pdf writes a PDF with one page per text; an empty text makes a page with a grey box, as a scan.
func pdf(texts ...string) []byte {
	codes := map[rune]int{}
	for _, r := range strings.Join(texts, "") {
		if codes[r] == 0 {
			codes[r] = len(codes) + 1
		}
	}
	var cmap strings.Builder
	cmap.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange\n")
	for r, c := range codes {
		fmt.Fprintf(&cmap, "1 beginbfchar <%02X> <%04X> endbfchar\n", c, r)
	}
	cmap.WriteString("endcmap end end")
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>>", stream("", cmap.String())}
	var kids []string
	for _, text := range texts {
		content := "0.8 g 50 50 400 600 re f"
		if text != "" {
			var hex strings.Builder
			for _, r := range text {
				fmt.Fprintf(&hex, "%02X", codes[r])
			}
			content = "BT /F 18 Tf 50 700 Td <" + hex.String() + "> Tj ET"
		}
		n := len(objects)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>", n+2),
			stream("", content))
		kids = append(kids, fmt.Sprintf("%d 0 R", n+1))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	return pdfObjects(objects...)
}

// endlessPDF has a page whose every pixel takes 400,000 steps to compute: hours, but no memory.
func endlessPDF() []byte {
	return pdfObjects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Shading<</S 5 0 R>>>>>>",
		stream("", "/S sh"),
		"<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[595 0 0 842 0 0]/Function 6 0 R>>",
		stream("/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]", "{pop dup dup "+strings.Repeat("dup pop ", 200_000)+"}"))
}

type part struct{ name, content string }

func archive(t *testing.T, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

// docx writes a Word file with the given body and further parts.
func docx(t *testing.T, body string, more ...part) []byte {
	t.Helper()
	return archive(t, append([]part{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="` + wordMain + `"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`},
	}, more...)...)
}

func paragraph(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }

func relations(kind, target string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="` + target + `" TargetMode="External"/></Relationships>`
}

func picture(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetGray(x, y, color.Gray{Y: uint8(x*255/w ^ y)})
		}
	}
	return img
}

func pngFile(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exifBlock has orientation 6 (a phone held upright) and a GPS directory.
const exifBlock = "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02" +
	"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00" +
	"\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x30" +
	"\x00\x00\x00\x00"

func jpegFile(t *testing.T, w, h int, exif string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(w, h), nil); err != nil {
		t.Fatal(err)
	}
	if exif == "" {
		return b.Bytes()
	}
	segment := append([]byte{0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	segment = append(segment, exif...)
	return append(append([]byte{0xFF, 0xD8}, segment...), b.Bytes()[2:]...)
}

// emptyPNG declares w × h pixels of colour and packs them as zeros: 100 MB in 100 kB.
func emptyPNG(t *testing.T, w, h int) []byte {
	t.Helper()
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	row := make([]byte, 1+4*w)
	for range h {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = append(binary.BigEndian.AppendUint32(header, uint32(h)), 8, 6, 0, 0, 0)
	b := []byte("\x89PNG\r\n\x1A\n")
	for _, c := range []part{{"IHDR", string(header)}, {"IDAT", data.String()}, {"IEND", ""}} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(c.content)))
		b = append(b, c.name+c.content...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(c.name+c.content)))
	}
	return b
}
