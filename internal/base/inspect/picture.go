package inspect

import (
	"bufio"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/tiff"
)

// readImage finds out about a scan or photograph. Its size is read before any pixel is.
func readImage(o order, file *io.SectionReader, f *findings) error {
	decodeConfig, decode := jpeg.DecodeConfig, jpeg.Decode
	switch o.Type {
	case PNG:
		decodeConfig, decode = png.DecodeConfig, png.Decode
	case TIFF:
		decodeConfig, decode = tiff.DecodeConfig, tiff.Decode
	}
	config, err := decodeConfig(bufio.NewReader(io.NewSectionReader(file, 0, file.Size())))
	if err != nil {
		return fmt.Errorf("%w: %w", refusedBroken, err)
	}
	f.Width, f.Height, f.Pages = config.Width, config.Height, 1
	if config.Width < 1 || config.Height < 1 {
		return fmt.Errorf("%w: %d × %d pixels", refusedBroken, config.Width, config.Height)
	}
	if config.Width > o.Pixels/config.Height {
		return fmt.Errorf("%w: %d × %d", refusedPixels, config.Width, config.Height)
	}
	tags := readTags(o.Type, file)
	f.Location = tags.location
	if o.Type == TIFF {
		f.Pages = max(1, tags.pages)
	}
	var r io.Reader = io.NewSectionReader(file, 0, file.Size())
	if o.Type != TIFF { // which reads at places of its own choosing
		r = bufio.NewReader(r)
	}
	img, err := decode(r)
	if err != nil {
		return fmt.Errorf("%w: %w", refusedBroken, err)
	}
	boxWidth, boxHeight := previewWidth, previewHeight
	if tags.orientation >= 5 { // lies on its side
		boxWidth, boxHeight = boxHeight, boxWidth
		f.Width, f.Height = f.Height, f.Width
	}
	f.Preview = encodePreview(turn(shrink(img, boxWidth, boxHeight), tags.orientation))
	return nil
}

// turn puts a picture upright that was stored as EXIF orientation o says (1 to 8, others mean 1).
func turn(src *image.RGBA, o int) *image.RGBA {
	if o < 2 || o > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := w, h
	if o >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			var sx, sy int
			switch o {
			case 2:
				sx, sy = w-1-x, y
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sx, sy = x, h-1-y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			dst.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return dst
}
