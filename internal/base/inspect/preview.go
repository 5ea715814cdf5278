package inspect

import (
	"bytes"
	"image"
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

// shrink draws img on white, small enough for a box; smaller pictures keep their size. A large one
// goes in two steps: first by samples to twice the size, which costs next to nothing, then by
// averages, which keeps thin strokes.
func shrink(img image.Image, boxWidth, boxHeight int) *image.RGBA {
	size := img.Bounds().Size()
	if w, h := fit(size, 2*boxWidth, 2*boxHeight); w < size.X {
		img = scale(draw.ApproxBiLinear, img, w, h)
	}
	w, h := fit(size, boxWidth, boxHeight)
	return scale(draw.BiLinear, img, w, h)
}

// fit gives the largest size of the same shape that is no larger than size and fits a box.
func fit(size image.Point, boxWidth, boxHeight int) (w, h int) {
	w, h = size.X, size.Y
	if w > boxWidth {
		w, h = boxWidth, h*boxWidth/w
	}
	if h > boxHeight {
		w, h = w*boxHeight/h, boxHeight
	}
	return max(1, w), max(1, h)
}

func scale(s draw.Scaler, img image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	s.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
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
