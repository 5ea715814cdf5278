package ui

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
)

// The sign of the program is the golden board itself: a vermilion frame with a small roof on two
// posts, a gilt face, a heading and the names. It is rectangles on a grid of 16 × 16, so that one
// list draws the SVG and every size of bitmap alike.
var board = []struct {
	x, y, w, h int
	fill       color.RGBA
}{
	{3, 13, 1, 3, boardInk}, {12, 13, 1, 3, boardInk}, // posts
	{0, 1, 16, 1, boardSeal}, {1, 0, 14, 1, boardSeal}, // roof
	{1, 2, 14, 11, boardSeal}, {2, 3, 12, 9, boardGilt}, // frame and face
	{5, 4, 6, 1, boardSeal},                                                 // heading
	{4, 6, 8, 1, boardInk}, {4, 8, 8, 1, boardInk}, {4, 10, 5, 1, boardInk}, // names
}

var (
	boardSeal = color.RGBA{0x9a, 0x1f, 0x10, 0xff}
	boardGilt = color.RGBA{0xee, 0xc0, 0x4a, 0xff}
	boardInk  = color.RGBA{0x4a, 0x2a, 0x0c, 0xff}
)

const boardGrid = 16

var boardSVG = func() string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="44" height="44" aria-hidden="true" focusable="false">`)
	for i := 0; i < len(board); {
		fill := board[i].fill
		fmt.Fprintf(&b, `<path fill="#%02x%02x%02x" d="`, fill.R, fill.G, fill.B)
		for ; i < len(board) && board[i].fill == fill; i++ {
			r := board[i]
			fmt.Fprintf(&b, "M%d %dh%dv%dh-%dz", r.x, r.y, r.w, r.h, r.w)
		}
		b.WriteString(`"/>`)
	}
	b.WriteString("</svg>")
	return b.String()
}()

// boardPNG draws the board in size × size pixels on nothing.
func boardPNG(size int) []byte {
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{color.Transparent, boardSeal, boardGilt, boardInk})
	for _, r := range board {
		area := image.Rect(r.x*size/boardGrid, r.y*size/boardGrid, (r.x+r.w)*size/boardGrid, (r.y+r.h)*size/boardGrid)
		draw.Draw(img, area, image.NewUniform(r.fill), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		panic(err) // a buffer takes every byte and the picture has a size
	}
	return b.Bytes()
}

// boardICO packs the sizes a tab, a shortcut and a list of favourites ask for into one .ico file:
// a 6-byte head, 16 bytes per picture, then the pictures as PNG.
func boardICO() []byte {
	sizes := []int{16, 32, 48}
	var head, body bytes.Buffer
	write := func(v any) { _ = binary.Write(&head, binary.LittleEndian, v) } // a buffer takes every byte
	write([]uint16{0, 1, uint16(len(sizes))})
	for _, size := range sizes {
		p := boardPNG(size)
		write([]uint8{uint8(size), uint8(size), 0, 0})
		write([]uint16{1, 32})
		write([]uint32{uint32(len(p)), uint32(6 + 16*len(sizes) + body.Len())})
		body.Write(p)
	}
	return append(head.Bytes(), body.Bytes()...)
}
