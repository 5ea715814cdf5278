package inspect

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// A preview fits into this box; it is an A4 page at 77 dpi: headings are legible, names in a list
// hardly.
const (
	previewWidth  = 640
	previewHeight = 905
	previewBytes  = 60 << 10 // aimed at
	maxPreview    = 200 << 10
)

// shrink draws img on white, small enough for a box; smaller pictures keep their size.
func shrink(img image.Image, boxWidth, boxHeight int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w > boxWidth {
		w, h = boxWidth, h*boxWidth/w
	}
	if h > boxHeight {
		w, h = w*boxHeight/h, boxHeight
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

// encodePreview gives the picture as JPEG, coarser where it would be large. A JPEG made anew
// carries nothing of the original but its looks.
func encodePreview(img *image.RGBA) []byte {
	var b bytes.Buffer
	for _, quality := range []int{80, 65, 50, 35, 20} {
		b.Reset()
		if jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}) != nil {
			return nil
		}
		if b.Len() <= previewBytes {
			break
		}
	}
	return b.Bytes()
}
