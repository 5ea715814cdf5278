package inspect_test

import (
	"testing"

	"bangvang/internal/base/inspect"
)

func FuzzSniff(f *testing.F) {
	f.Add([]byte("%PDF-1.7"), []byte("%%EOF"))
	f.Add([]byte("PK\x03\x04"), []byte("word/document.xmlPK\x05\x06"))
	f.Add([]byte("\x00\x00\x00\x18ftypheic"), []byte(""))
	f.Add([]byte("xin ch\xC3"), []byte(""))
	f.Fuzz(func(t *testing.T, head, tail []byte) {
		if typ := inspect.Sniff(head, tail); typ.Name() == "" {
			t.Errorf("type %q has no name", typ)
		}
	})
}

func FuzzReadTags(f *testing.F) {
	f.Add("tiff", []byte(exifBlock[6:]))
	f.Add("jpeg", []byte("\xFF\xD8\xFF\xE1\x00\x30"+exifBlock))
	f.Add("png", []byte("\x89PNG\r\n\x1A\n\x00\x00\x00\x26eXIf"+exifBlock[6:]))
	f.Add("tiff", []byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, typ string, b []byte) {
		if o, pages, _ := inspect.ReadTags(inspect.Type(typ), b); o < 0 || o > 8 || pages > 1000 {
			t.Errorf("orientation %d, %d pages", o, pages)
		}
	})
}
