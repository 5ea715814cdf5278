package inspect

import (
	"bytes"
	"encoding/binary"
	"io"
)

// tags are what the directories of a TIFF file, or of the EXIF block in a JPEG or PNG, say.
type tags struct {
	orientation int  // 1 to 8; 0 when not given
	location    bool // there is a GPS directory
	pages       int  // directories in a row
}

// Tags of TIFF 6.0 and EXIF 2.3.
const (
	tagOrientation = 0x0112
	tagGPS         = 0x8825
)

// readTags finds the directories of an image; none, or broken ones, give no tags.
func readTags(t Type, file *io.SectionReader) tags {
	switch t {
	case TIFF:
		return directories(file)
	case JPEG, PNG:
		if block := exif(t, file); block != nil {
			return directories(bytes.NewReader(block))
		}
	}
	return tags{}
}

// exif finds the EXIF block among the segments in front of a JPEG's picture or a PNG's chunks.
func exif(t Type, file io.ReaderAt) []byte {
	var head [12]byte
	at := int64(2)
	if t == PNG {
		at = 8
	}
	for range 1000 {
		if _, err := file.ReadAt(head[:], at); err != nil {
			return nil
		}
		var body, length int64 // where the EXIF data would begin, and how long they would be
		var found bool
		switch {
		case t == PNG:
			body, length = at+8, int64(binary.BigEndian.Uint32(head[:]))
			found = string(head[4:8]) == "eXIf"
			at = body + length + 4
		case head[0] != 0xFF || head[1] == 0xDA || head[1] == 0xD9: // the picture itself
			return nil
		default:
			segment := int64(binary.BigEndian.Uint16(head[2:]))
			body, length = at+10, segment-8
			found = head[1] == 0xE1 && string(head[4:8]) == "Exif"
			at += 2 + segment
		}
		if found {
			block := make([]byte, max(0, min(length, 64<<10)))
			n, _ := file.ReadAt(block, body)
			return block[:n]
		}
	}
	return nil
}

// directories walks the chain of TIFF directories, at most a thousand: a chain may be a ring.
func directories(r io.ReaderAt) (t tags) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return t
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	seen := map[uint32]bool{}
	for at := order.Uint32(head[4:]); at != 0 && !seen[at] && t.pages < 1000; t.pages++ {
		seen[at] = true
		var two [2]byte
		if _, err := r.ReadAt(two[:], int64(at)); err != nil {
			return t
		}
		entries := make([]byte, 12*int(order.Uint16(two[:]))+4)
		if _, err := r.ReadAt(entries, int64(at)+2); err != nil {
			return t
		}
		for e := entries; len(e) > 12; e = e[12:] {
			switch tag := order.Uint16(e); {
			case tag == tagGPS:
				t.location = true
			case tag == tagOrientation && t.pages == 0:
				if o := int(order.Uint16(e[8:])); o <= 8 {
					t.orientation = o
				}
			}
		}
		at = order.Uint32(entries[len(entries)-4:])
	}
	return t
}
