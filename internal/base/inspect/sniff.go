package inspect

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Type is what a file's content shows it to be. It is stored, so values do not change.
type Type string

// The types told apart. Those not accepted anywhere are told apart so that the refusal can say
// what the file is.
const (
	Unknown    Type = ""
	PDF        Type = "pdf"
	DOCX       Type = "docx"
	XLSX       Type = "xlsx"
	PPTX       Type = "pptx"
	ODF        Type = "odf"
	OLE        Type = "ole" // .doc, .xls, .ppt, .msi, and any Office file with a password
	RTF        Type = "rtf"
	JPEG       Type = "jpeg"
	PNG        Type = "png"
	TIFF       Type = "tiff"
	GIF        Type = "gif"
	WebP       Type = "webp"
	HEIC       Type = "heic"
	ZIP        Type = "zip"
	Archive    Type = "archive" // RAR, 7z, gzip, xz
	Executable Type = "executable"
	HTML       Type = "html" // and SVG: markup that can carry scripts
	Text       Type = "text"
)

var types = map[Type]struct {
	name       string // Vietnamese, as in "tệp này là …"
	mime       string
	extensions []string
}{
	Unknown:    {"loại tệp không nhận ra", "application/octet-stream", nil},
	PDF:        {"PDF", "application/pdf", []string{".pdf"}},
	DOCX:       {"văn bản Word (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}},
	XLSX:       {"bảng tính Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}},
	PPTX:       {"bài trình chiếu PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}},
	ODF:        {"văn bản OpenDocument", "application/vnd.oasis.opendocument", []string{".odt", ".ods", ".odp"}},
	OLE:        {"tệp Office đời cũ (.doc, .xls) hoặc có mật khẩu", "application/x-ole-storage", []string{".doc", ".xls", ".ppt", ".msi"}},
	RTF:        {"văn bản RTF", "application/rtf", []string{".rtf"}},
	JPEG:       {"ảnh JPEG", "image/jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}},
	PNG:        {"ảnh PNG", "image/png", []string{".png"}},
	TIFF:       {"ảnh TIFF", "image/tiff", []string{".tif", ".tiff"}},
	GIF:        {"ảnh GIF", "image/gif", []string{".gif"}},
	WebP:       {"ảnh WebP", "image/webp", []string{".webp"}},
	HEIC:       {"ảnh HEIC của điện thoại", "image/heic", []string{".heic", ".heif", ".avif"}},
	ZIP:        {"tệp nén ZIP", "application/zip", []string{".zip"}},
	Archive:    {"tệp nén (RAR, 7z, gzip)", "application/octet-stream", []string{".rar", ".7z", ".gz", ".tgz", ".xz"}},
	Executable: {"chương trình chạy được", "application/octet-stream", []string{".exe", ".dll", ".sh", ".bat", ".cmd", ".lnk", ".jar"}},
	HTML:       {"trang web hoặc hình vẽ có thể chứa mã lệnh", "text/plain", []string{".html", ".htm", ".svg", ".xml"}},
	Text:       {"văn bản thô", "text/plain", []string{".txt", ".csv", ".md"}},
}

// Name gives the type in Vietnamese, as in "tệp này là …".
func (t Type) Name() string { return types[t].name }

// MIME gives the content type to send the file with.
func (t Type) MIME() string { return types[t].mime }

// Extension gives the usual ending of a file's name, with its dot; "" for an unknown type.
func (t Type) Extension() string {
	if e := types[t].extensions; len(e) > 0 {
		return e[0]
	}
	return ""
}

// misnamed tells whether a file name ends otherwise than files of the type do.
func (t Type) misnamed(name string) bool {
	return !slices.Contains(types[t].extensions, strings.ToLower(filepath.Ext(strings.TrimSpace(name))))
}

// Lengths of what Sniff wants to see. A ZIP's directory ends within its last 64 KiB and 22 bytes.
const (
	headLength = 8 << 10
	tailLength = 66 << 10
)

var signatures = []struct {
	magic string
	t     Type
}{
	{"%PDF-", PDF}, {"PK\x03\x04", ZIP}, {"PK\x05\x06", ZIP}, {"PK\x07\x08", ZIP},
	{"\xFF\xD8\xFF", JPEG}, {"\x89PNG\r\n\x1A\n", PNG}, {"II*\x00", TIFF}, {"MM\x00*", TIFF},
	{"GIF87a", GIF}, {"GIF89a", GIF}, {"{\\rtf", RTF}, {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE},
	{"Rar!\x1A\x07", Archive}, {"7z\xBC\xAF\x27\x1C", Archive}, {"\x1F\x8B", Archive}, {"\xFD7zXZ\x00", Archive},
	{"MZ", Executable}, {"\x7FELF", Executable}, {"#!", Executable}, {"\x00asm", Executable}, {"dex\n", Executable},
	{"\xFE\xED\xFA\xCE", Executable}, {"\xFE\xED\xFA\xCF", Executable}, {"\xCE\xFA\xED\xFE", Executable},
	{"\xCF\xFA\xED\xFE", Executable}, {"\xCA\xFE\xBA\xBE", Executable}, {"L\x00\x00\x00\x01\x14\x02\x00", Executable},
}

// Sniff tells a file's type by its first bytes (at least 512, 8 KiB are looked at) and, for the
// Office formats, by the directory at its end (66 KiB are looked at). A signature counts only where
// the file begins: what readers tolerate in front of it is how one file is made to be two.
func Sniff(head, tail []byte) Type {
	head, tail = head[:min(len(head), headLength)], tail[max(0, len(tail)-tailLength):]
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			if s.t == ZIP {
				return office(head, tail)
			}
			return s.t
		}
	}
	if len(head) >= 12 {
		switch {
		case string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
			return WebP
		case string(head[4:8]) == "ftyp" && bytes.Contains(head[8:min(len(head), 40)], []byte("heic")),
			string(head[4:8]) == "ftyp" && bytes.Contains(head[8:min(len(head), 40)], []byte("mif1")):
			return HEIC
		}
	}
	return plain(head)
}

// office tells a ZIP's kind by the names in its directory; the child checks the parts themselves.
func office(head, tail []byte) Type {
	for _, o := range []struct {
		part string
		t    Type
	}{{"word/document.xml", DOCX}, {"xl/workbook.xml", XLSX}, {"xl/workbook.bin", XLSX}, {"ppt/presentation.xml", PPTX}} {
		if bytes.Contains(tail, []byte(o.part)) || bytes.Contains(head, []byte(o.part)) {
			return o.t
		}
	}
	if bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis.opendocument")) {
		return ODF
	}
	if bytes.Contains(head, []byte("[Content_Types].xml")) {
		return DOCX // an Office file whose end is missing
	}
	return ZIP
}

// plain tells markup and text from unknown bytes.
func plain(head []byte) Type {
	s := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	for _, mark := range []string{"<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<!--", "<iframe"} {
		if bytes.HasPrefix(s, []byte(mark)) {
			return HTML
		}
	}
	if bytes.HasPrefix(s, []byte("@echo off")) {
		return Executable
	}
	for len(head) > 0 && len(head) == headLength && !utf8.Valid(head) && len(head) > headLength-4 {
		head = head[:len(head)-1] // the last letter may be cut
	}
	if len(head) > 0 && utf8.Valid(head) && bytes.IndexByte(head, 0) < 0 {
		return Text
	}
	return Unknown
}

var directoryEnd = []byte("PK\x05\x06")

// cut tells whether a file ends before its format's end mark.
func cut(t Type, tail []byte) bool {
	switch t {
	case PDF: // readers accept some bytes behind the mark
		return !bytes.Contains(tail[max(0, len(tail)-2048):], []byte("%%EOF"))
	case DOCX, XLSX, ZIP:
		return !bytes.Contains(tail, directoryEnd)
	case PNG:
		return !bytes.Contains(tail, []byte("IEND\xAE\x42\x60\x82"))
	case JPEG:
		return !bytes.Contains(tail, []byte("\xFF\xD9"))
	}
	return false
}

// doubled tells whether a file that is no ZIP by its beginning is one by its end: programs that
// open archives read from there, so that one file shows different people different things.
func doubled(t Type, tail []byte) bool {
	if t != PDF && t != JPEG && t != PNG && t != TIFF {
		return false
	}
	from := max(0, bytes.LastIndex(tail, []byte("%%EOF")))
	for at := 0; ; {
		i := bytes.Index(tail[at:], directoryEnd)
		if i < 0 {
			return false
		}
		at += i
		if end := tail[at:]; len(end) >= 22 {
			comment := int(binary.LittleEndian.Uint16(end[20:]))
			entries := binary.LittleEndian.Uint16(end[10:])
			if comment == len(end)-22 || (t == PDF && at > from && entries > 0) {
				return true
			}
		}
		at++
	}
}
