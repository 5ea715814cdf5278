package inspect

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"bangvang/internal/base/text"
)

// A pdfReader is PDFium, compiled to WebAssembly, in a sandbox without files or network.
type pdfReader struct {
	pdfium.Pdfium
	until time.Time // when reading text stops, so that the picture still gets its turn
}

// newPDFReader gets the reader ready: 80 ms and 55 MB where the folder holds it compiled, otherwise
// 3 to 7 s and 350 MB. On systems wazero does not compile for it interprets, 30 times slower.
func newPDFReader(o order) (*pdfReader, error) {
	cache, err := wazero.NewCompilationCacheWithDir(o.Cache)
	if err != nil {
		return nil, fmt.Errorf("folder of the compiled PDF reader: %w", err)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), // the default mounts the whole disk
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCompilationCache(cache).
			WithMemoryLimitPages(uint32(o.Memory / 2 >> 16)).                                  // growing copies: half must be free
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling), // PDFium's longjmp
	})
	if err != nil {
		return nil, fmt.Errorf("load the PDF reader: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.Timeout)
	defer cancel()
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the PDF reader: %w", err)
	}
	return &pdfReader{instance, time.Now().Add(o.Timeout / 3)}, nil
}

// read finds out about a PDF. The process ends afterwards, so nothing is closed.
func (p *pdfReader) read(file *io.SectionReader, f *findings) error {
	opened, err := p.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: file.Size()})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return refusedPassword
	case err != nil:
		return fmt.Errorf("%w: %w", refusedBroken, err)
	}
	doc := opened.Document
	count, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil || count.PageCount < 1 {
		return fmt.Errorf("%w: no pages: %w", refusedBroken, err)
	}
	f.Pages = count.PageCount
	p.facts(doc, f)
	f.Macros = f.Macros || carriesScript(file)
	p.text(doc, f)
	f.Preview = p.picture(doc)
	if f.Preview == nil && !strings.ContainsFunc(join(f.TextByPage), func(r rune) bool { return r > ' ' }) {
		return refusedBroken // its pages are there by name only
	}
	return nil
}

// facts reads what the document says of itself and carries along. What PDFium cannot tell is left out.
func (p *pdfReader) facts(doc references.FPDF_DOCUMENT, f *findings) {
	if s, err := p.FPDF_GetSecurityHandlerRevision(&requests.FPDF_GetSecurityHandlerRevision{Document: doc}); err == nil {
		f.Encrypted = s.SecurityHandlerRevision >= 0
	}
	if js, err := p.FPDFDoc_GetJavaScriptActionCount(&requests.FPDFDoc_GetJavaScriptActionCount{Document: doc}); err == nil {
		f.Macros = js.JavaScriptActionCount > 0
	}
	if meta, err := p.GetMetaData(&requests.GetMetaData{Document: doc, Tags: &[]string{"Title"}}); err == nil && len(meta.Tags) > 0 {
		f.Title, _ = text.Recode(meta.Tags[0].Value)
	}
	attached, err := p.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: doc})
	if err != nil {
		return
	}
	for i := range min(attached.AttachmentCount, maxNames) {
		name := fmt.Sprintf("tệp đính kèm %d", i+1)
		if a, err := p.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: doc, Index: i}); err == nil {
			if n, err := p.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil && n.Name != "" {
				name = n.Name
			}
		}
		f.Embedded = append(f.Embedded, name)
	}
}

func pageOf(doc references.FPDF_DOCUMENT, i int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}
}

// text reads the pages' text. A page that cannot be read counts as blank.
func (p *pdfReader) text(doc references.FPDF_DOCUMENT, f *findings) {
	for i := range f.Pages {
		if i == maxPages || time.Now().After(p.until) {
			f.TextCut = true
			break
		}
		var s string
		if page, err := p.GetPageText(&requests.GetPageText{Page: pageOf(doc, i)}); err == nil {
			s = page.Text
		}
		if !f.addText(s) {
			break
		}
	}
	f.recode()
}

// picture draws the first page; nil when it cannot be drawn.
func (p *pdfReader) picture(doc references.FPDF_DOCUMENT) []byte {
	drawn, err := p.RenderPageInPixels(&requests.RenderPageInPixels{Page: pageOf(doc, 0), Width: previewWidth, Height: previewHeight})
	if err != nil {
		return nil
	}
	img, ok := drawn.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return nil
	}
	return encodePreview(img)
}
