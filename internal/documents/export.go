package documents

import (
	"archive/zip"
	"context"
	"io"
	"iter"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/sheet"
)

// Export writes the whole registry, as far as the actor may see it, as a zip: the spreadsheet (which
// can be imported again) and the files of every document, in a folder each.
//
// Source: F-54; issue 2 D.
func (s *Service) Export(ctx context.Context, w io.Writer) error {
	documents, err := s.exported(ctx)
	if err != nil {
		return err
	}
	catalog, err := s.Catalog(ctx)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	out, err := z.CreateHeader(&zip.FileHeader{Name: "so-van-ban.xlsx", Method: zip.Store, Modified: clock.Local(s.Clock.Now())})
	if err != nil {
		return err
	}
	if err := sheet.Write(out, sheet.Data{Sheet: "Văn bản", Columns: columns(), Rows: exportRows(documents, catalog)}); err != nil {
		return err
	}
	for _, d := range documents {
		for _, f := range d.files {
			if err := s.exportFile(ctx, z, d.folder()+"/"+f.Slug, f); err != nil {
				return err
			}
		}
	}
	return z.Close()
}

type exportedDocument struct {
	Document
	files     []File
	relations map[RelationKind][]string
}

// folder is where the document's files stand in the export; the id keeps two apart that have no
// number.
func (d exportedDocument) folder() string {
	return "tep/" + d.Content.Number.Slug(d.Content.Year) + "-" + string(d.ID)
}

// exported reads every document the actor may see, with the files that were examined and found good
// and the relations whose other end the actor may see too.
func (s *Service) exported(ctx context.Context) ([]exportedDocument, error) {
	where, args, err := s.listFilter(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	q := s.DB.Read()
	all, err := db.All(ctx, q, scanDocument, "SELECT "+documentColumns+documentFrom+where+" ORDER BY d.year, d.issued_on, d.number_sort, d.id", args...)
	if err != nil {
		return nil, err
	}
	labels := map[DocID]string{}
	for _, d := range all {
		labels[d.ID] = d.Content.Number.String()
	}
	var out []exportedDocument
	for _, d := range all {
		e := exportedDocument{Document: d, relations: map[RelationKind][]string{}}
		files, err := readFiles(ctx, q, d.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.State == FileGood && !f.Dropped {
				e.files = append(e.files, f)
			}
		}
		relations, err := relationsFrom(ctx, q, d.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range relations {
			if label := labels[r.Target]; r.Working && label != "" {
				e.relations[r.Kind] = append(e.relations[r.Kind], label)
			}
		}
		out = append(out, e)
	}
	return out, nil
}

func exportRows(documents []exportedDocument, catalog *Catalog) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, d := range documents {
			var names []string
			for _, f := range d.files {
				names = append(names, d.folder()+"/"+f.Slug)
			}
			if !yield(d.row(catalog, d.relations, names)) {
				return
			}
		}
	}
}

func (s *Service) exportFile(ctx context.Context, z *zip.Writer, name string, f File) error {
	in, err := s.Files.Open(ctx, f.Hash)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: clock.Local(clock.FromMillis(f.AddedAt))}) // PDF and DOCX are compressed already
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}

// Metadata gives one document's registry fields under the names of Decree 30/2020, the office's own
// included.
//
// Source: domain.md 4.5.
func (s *Service) Metadata(ctx context.Context, id DocID) (Metadata, error) {
	d, err := s.Document(ctx, id)
	if err != nil {
		return Metadata{}, err
	}
	catalog, err := s.Catalog(ctx)
	if err != nil {
		return Metadata{}, err
	}
	m := d.Content.decree(catalog)
	h := d.Handling
	m.FileCode, m.DocOrdinal, m.DueDate, m.Priority = h.FileCode, h.Arrival, h.DueOn, h.Priority.Title()
	return m, nil
}
