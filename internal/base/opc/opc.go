// Package opc opens the zip packages that office documents are (Open Packaging Conventions, ECMA-376
// part 2: XLSX, DOCX) without trusting them: entries, sizes and ratio are limited while reading,
// because what the zip directory says of itself may be a lie.
//
// sheet and richtext read their formats through it. Nothing is unpacked to disk, no link followed.
package opc

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"bangvang/internal/base/fault"
)

// Limits bound what a package may make of this machine's memory and time.
type Limits struct {
	Entries int   // files in the zip
	Part    int64 // bytes of one part, unpacked
	Total   int64 // bytes of all parts read, unpacked
	Ratio   int64 // unpacked to packed size of one part larger than 1 MiB
}

// DefaultLimits suit what an office uploads: a workbook of 200,000 rows, a long document.
var DefaultLimits = Limits{Entries: 4000, Part: 256 << 20, Total: 512 << 20, Ratio: 300}

// A Package is an opened package. It is not safe for concurrent use.
type Package struct {
	parts  map[string]*zip.File // by lower-case name without leading slash: names ignore case
	names  []string
	limits Limits
	left   int64
}

// Open reads the directory of a package. It returns fault.Invalid for what is no zip, and
// fault.TooLarge for more than the limits allow.
func Open(r io.ReaderAt, size int64, limits Limits) (*Package, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.New(fault.Invalid, "Tệp bị hỏng hoặc chưa tải lên hết. Hãy mở tệp trên máy, lưu lại rồi gửi lại.%w", hidden{err})
	}
	if len(z.File) > limits.Entries {
		return nil, tooLarge()
	}
	p := &Package{parts: make(map[string]*zip.File, len(z.File)), limits: limits, left: limits.Total}
	for _, f := range z.File {
		key := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := p.parts[key]; twice || strings.HasSuffix(key, "/") {
			continue
		}
		p.parts[key] = f
		p.names = append(p.names, f.Name)
	}
	return p, nil
}

// hidden keeps a cause in the chain for the log and out of the message a person reads.
type hidden struct{ error }

func (hidden) Error() string   { return "" }
func (h hidden) Unwrap() error { return h.error }

func tooLarge() error {
	return fault.New(fault.TooLarge, "Tệp này bung ra quá lớn nên không được mở. Hãy xóa bớt trang, hình ảnh không cần rồi lưu lại.")
}

// Names lists the parts in the order of the zip.
func (p *Package) Names() []string { return p.names }

// Has tells whether there is a part of that name.
func (p *Package) Has(name string) bool { return p.parts[strings.ToLower(name)] != nil }

// Open gives a part's bytes; reading returns fault.TooLarge where a limit is passed. A missing part
// is fault.Invalid.
func (p *Package) Open(name string) (io.ReadCloser, error) {
	f := p.parts[strings.ToLower(name)]
	if f == nil {
		return nil, fault.New(fault.Invalid, "Tệp thiếu phần “%s” nên không đọc được. Hãy mở tệp trên máy, lưu lại rồi gửi lại.", name)
	}
	allowed := min(p.limits.Part, p.left)
	if packed := int64(f.CompressedSize64); packed >= 0 && packed < allowed/p.limits.Ratio {
		allowed = min(allowed, max(packed*p.limits.Ratio, 1<<20))
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fault.New(fault.Invalid, "Tệp bị hỏng ở phần “%s”. Hãy mở tệp trên máy, lưu lại rồi gửi lại.%w", name, hidden{err})
	}
	return &part{ReadCloser: rc, p: p, left: allowed}, nil
}

type part struct {
	io.ReadCloser
	p    *Package
	left int64
}

func (r *part) Read(b []byte) (int, error) {
	if r.left < 0 {
		return 0, tooLarge()
	}
	if int64(len(b)) > r.left+1 {
		b = b[:r.left+1]
	}
	n, err := r.ReadCloser.Read(b)
	r.left -= int64(n)
	r.p.left -= int64(n)
	if r.left < 0 {
		return 0, tooLarge()
	}
	return n, err
}

// XML reads a whole part into v, as encoding/xml does; names are matched without namespace by
// tags that give none, which covers the transitional and the strict form of the formats.
func (p *Package) XML(name string, v any) error {
	rc, err := p.Open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	return Broken(name, xml.NewDecoder(rc).Decode(v))
}

// Broken makes an error met while reading a part's XML one a person can act on; nil and faults pass.
func Broken(name string, err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal {
		return err
	}
	return fault.New(fault.Invalid, "Tệp bị hỏng ở phần “%s”. Hãy mở tệp trên máy, lưu lại rồi gửi lại.%w", name, hidden{err})
}

// A Relation is a reference from one part to another, or to the world outside.
type Relation struct {
	Type     string // last segment of its type, such as "worksheet"
	Target   string // a part's name, or the address when External
	External bool
}

// Relations gives the references of a part by id; "" asks for those of the package. A part
// without any has none, which is no error.
func (p *Package) Relations(name string) (map[string]Relation, error) {
	dir, file := path.Split(name)
	rels := dir + "_rels/" + file + ".rels"
	if !p.Has(rels) {
		return nil, nil
	}
	var doc struct {
		Relationship []struct {
			ID         string `xml:"Id,attr"`
			Type       string `xml:",attr"`
			Target     string `xml:",attr"`
			TargetMode string `xml:",attr"`
		}
	}
	if err := p.XML(rels, &doc); err != nil {
		return nil, err
	}
	out := make(map[string]Relation, len(doc.Relationship))
	for _, r := range doc.Relationship {
		rel := Relation{Type: path.Base(r.Type), Target: r.Target, External: strings.EqualFold(r.TargetMode, "External")}
		if !rel.External {
			if strings.HasPrefix(r.Target, "/") {
				rel.Target = strings.TrimPrefix(path.Clean(r.Target), "/")
			} else {
				rel.Target = path.Join(dir, r.Target)
			}
		}
		out[r.ID] = rel
	}
	return out, nil
}

// Main gives the name of the part the package is about, and "" when it does not say.
func (p *Package) Main() (string, error) {
	rels, err := p.Relations("")
	for _, r := range rels {
		if r.Type == "officeDocument" && !r.External {
			return r.Target, err
		}
	}
	return "", err
}
