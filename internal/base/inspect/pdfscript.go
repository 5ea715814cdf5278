package inspect

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"io"
)

// PDFium counts the scripts in the list of names only. An action on opening, on a page or a field
// may carry one too, and is found by its name: as it stands, or inside one of the compressed streams
// that newer programs put their objects in.
var (
	scriptNames  = [][]byte{[]byte("/JavaScript"), []byte("/Launch")}
	objectStream = []byte("/ObjStm")
	streamBegins = []byte("stream")
)

const (
	scanPiece    = 1 << 20
	scanOverlap  = 4 << 10  // of one piece with the next: no name or dictionary of a stream is longer
	scanUnpacked = 64 << 20 // of all object streams together
)

// carriesScript tells whether a PDF has an action that runs a script or starts a program. One that
// cannot be read is the reader's to refuse.
func carriesScript(file *io.SectionReader) bool {
	left := int64(scanUnpacked)
	piece := make([]byte, scanPiece)
	for at := int64(0); at < file.Size(); at += scanPiece - scanOverlap {
		n, err := file.ReadAt(piece, at)
		if err != nil && err != io.EOF {
			return false
		}
		if namesScript(piece[:n]) {
			return true
		}
		for rest, offset := piece[:n], at; left > 0; {
			i := bytes.Index(rest, objectStream)
			if i < 0 {
				break
			}
			rest, offset = rest[i+len(objectStream):], offset+int64(i+len(objectStream))
			j := bytes.Index(rest[:min(len(rest), scanOverlap)], streamBegins)
			if j < 0 {
				continue
			}
			begin := offset + int64(j+len(streamBegins))
			if scriptInside(io.NewSectionReader(file, begin, file.Size()-begin), &left) {
				return true
			}
		}
	}
	return false
}

func namesScript(b []byte) bool {
	for _, name := range scriptNames {
		if bytes.Contains(b, name) {
			return true
		}
	}
	return false
}

// scriptInside looks into one compressed object stream, and takes what it unpacks off left.
func scriptInside(r io.Reader, left *int64) bool {
	packed := bufio.NewReader(r)
	for { // the line break after the word "stream"
		c, err := packed.ReadByte()
		if err != nil {
			return false
		}
		if c != '\r' && c != '\n' {
			break
		}
	}
	if packed.UnreadByte() != nil {
		return false
	}
	z, err := zlib.NewReader(packed)
	if err != nil {
		return false // stored plainly, or encrypted
	}
	unpacked, _ := io.ReadAll(io.LimitReader(z, min(*left, 16<<20))) // a broken end leaves what came before
	*left -= int64(len(unpacked))
	return namesScript(unpacked)
}
