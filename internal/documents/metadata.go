package documents

import "bangvang/internal/base/web/ui"

// legislation describes the document as schema.org does (ELI underneath).
//
// Source: F-50.
func (p page) legislation() map[string]any {
	c := p.e.Shown.Content
	site := p.sites.Vietnamese
	absolute := func(path string) string { return ui.Frame{Site: site}.Absolute(path) }
	m := map[string]any{
		"@context": "https://schema.org", "@type": "Legislation", "@id": absolute(p.d.Path()), "url": absolute(p.d.Path()),
		"name": c.Subject, "inLanguage": "vi", "legislationType": p.catalog.TypeName(c.Type),
		"legislationPassedBy": map[string]any{"@type": "GovernmentOrganization", "name": p.catalog.IssuerName(c.Issuer, c.IssuedOn)},
		"datePublished":       dayOfMillis(p.d.PostedAt), "dateModified": dayOfMillis(p.modified()),
	}
	set := func(key, value string) {
		if value != "" {
			m[key] = value
		}
	}
	if p.d.Status != StatusWithdrawn { // then this site says nothing of its force
		set("legislationLegalForce", "https://schema.org/"+p.d.Status.schema())
	}
	set("legislationIdentifier", c.Number.String())
	set("legislationDate", c.IssuedOn)
	set("legislationDateOfApplicability", c.EffectiveOn)
	set("abstract", c.Description)
	for _, r := range p.from {
		key := map[RelationKind]string{Replaces: "legislationRepeals", Amends: "legislationAmends", Corrects: "legislationCorrects", Guides: "legislationApplies", BasedOn: "isBasedOn"}[r.kind]
		list, _ := m[key].([]any)
		m[key] = append(list, map[string]any{"@type": "Legislation", "@id": absolute(publicRoot + "/" + r.card.Slug), "legislationIdentifier": r.card.Number})
	}
	var files []any
	for _, f := range p.e.Shown.Files {
		files = append(files, map[string]any{"@type": "LegislationObject", "url": absolute(p.d.Path() + "/" + f.Slug), "encodingFormat": f.Media, "sha256": f.Hash})
	}
	if len(files) > 0 {
		m["encoding"] = files
	}
	return m
}

// schema is the status in schema.org's three words.
func (s Status) schema() string {
	switch {
	case s == InForce:
		return "InForce"
	case s == Amended:
		return "PartiallyInForce"
	}
	return "NotInForce"
}

// Metadata is a document in the field names of Decree 30/2020 annex VI, with what the portal adds.
// Optional fields that the paper does not say are left out.
//
// Source: domain.md 4.5; F-54.
type Metadata struct {
	FileCode     string        `json:"FileCode,omitempty"`
	DocOrdinal   int           `json:"DocOrdinal,omitempty"`
	TypeName     string        `json:"TypeName"`
	CodeNumber   string        `json:"CodeNumber,omitempty"`
	CodeNotation string        `json:"CodeNotation,omitempty"`
	IssuedDate   string        `json:"IssuedDate,omitempty"` // "2021-05-12"
	OrganName    string        `json:"OrganName"`
	Subject      string        `json:"Subject"`
	Language     string        `json:"Language,omitempty"`
	PageAmount   int           `json:"PageAmount,omitempty"`
	Description  string        `json:"Description,omitempty"`
	SignerInfo   *SignerInfo   `json:"SignerInfo,omitempty"`
	To           []Addressee   `json:"To,omitempty"`
	Priority     string        `json:"Priority,omitempty"`
	IssuedAmount int           `json:"IssuedAmount,omitempty"`
	DueDate      string        `json:"DueDate,omitempty"`
	Portal       *PortalRecord `json:"portal,omitempty"`
}

// SignerInfo is who signed.
type SignerInfo struct {
	Authority string `json:"Authority,omitempty"`
	Position  string `json:"Position,omitempty"`
	FullName  string `json:"FullName,omitempty"`
}

// An Addressee is one recipient.
type Addressee struct {
	OrganName string `json:"OrganName"`
}

// PortalRecord is what this portal knows beside the decree's fields.
type PortalRecord struct {
	URL         string         `json:"url"`
	Number      string         `json:"number,omitempty"`
	Status      Status         `json:"status"`
	StatusTitle string         `json:"statusTitle"`
	EffectiveOn string         `json:"effectiveOn,omitempty"`
	ExpiresOn   string         `json:"expiresOn,omitempty"`
	Field       string         `json:"field,omitempty"`
	Edition     int            `json:"edition"`
	Published   int64          `json:"publishedMillis"`
	Modified    int64          `json:"modifiedMillis"`
	Files       []FileRecord   `json:"files"`
	Relations   []RelationLink `json:"relations"`
}

// FileRecord is one file with its checksum.
type FileRecord struct {
	URL    string `json:"url"`
	Role   string `json:"role"`
	Media  string `json:"mediaType"`
	Size   int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// RelationLink is a relation to another public document.
type RelationLink struct {
	Kind   RelationKind `json:"kind"`
	Number string       `json:"number"`
	URL    string       `json:"url"`
	Older  bool         `json:"older"` // the other document is the older one
}

// decree gives the fields of the decree that content holds.
func (c Content) decree(catalog *Catalog) Metadata {
	m := Metadata{TypeName: catalog.TypeName(c.Type), CodeNumber: c.Number.CodeNumber(), CodeNotation: c.Number.CodeNotation(), IssuedDate: c.IssuedOn,
		OrganName: catalog.IssuerName(c.Issuer, c.IssuedOn), Subject: c.Subject, Language: c.Language, PageAmount: c.Pages, Description: c.Description, IssuedAmount: c.Copies}
	if c.Signer != (Signer{}) {
		m.SignerInfo = &SignerInfo{string(c.Signer.Authority), c.Signer.Position, c.Signer.Name}
	}
	for _, name := range c.Recipients {
		m.To = append(m.To, Addressee{name})
	}
	return m
}

// metadata is /thong-tin.json: the decree's fields that are public, and the portal's.
func (p page) metadata() Metadata {
	c := p.e.Shown.Content
	absolute := func(path string) string { return ui.Frame{Site: p.sites.Vietnamese}.Absolute(path) }
	m := c.decree(p.catalog)
	r := &PortalRecord{URL: absolute(p.d.Path()), Number: c.Number.String(), Status: p.d.Status, StatusTitle: p.d.Status.Title(), EffectiveOn: c.EffectiveOn,
		ExpiresOn: c.ExpiresOn, Field: p.catalog.FieldName(c.Field), Edition: p.e.Number, Published: p.d.PostedAt, Modified: p.modified(),
		Files: []FileRecord{}, Relations: []RelationLink{}}
	for _, f := range p.e.Shown.Files {
		r.Files = append(r.Files, FileRecord{absolute(p.d.Path() + "/" + f.Slug), string(f.Role), f.Media, f.Size, f.Hash})
	}
	for _, x := range p.from {
		r.Relations = append(r.Relations, RelationLink{x.kind, x.card.Number, absolute(publicRoot + "/" + x.card.Slug), true})
	}
	for _, x := range p.to {
		r.Relations = append(r.Relations, RelationLink{x.kind, x.card.Number, absolute(publicRoot + "/" + x.card.Slug), false})
	}
	m.Portal = r
	return m
}
