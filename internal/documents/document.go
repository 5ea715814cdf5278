package documents

import (
	"bangvang/internal/base/access"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/workflow"
)

// Kind tells the documents that come to the Department from those it makes itself.
type Kind string

// The kinds (văn bản đến, văn bản đi).
const (
	Incoming Kind = "incoming"
	Own      Kind = "own"
)

// Class says who may see a document. Secret is refused wherever it is given.
//
// Source: domain.md 5, 6.2.
type Class string

// The classes. A document not classified yet has none.
const (
	Unclassified Class = ""
	Public       Class = "public"
	Internal     Class = "internal"
	Secret       Class = "secret"
)

// Title is the class in words.
func (c Class) Title() string {
	switch c {
	case Public:
		return "Công khai"
	case Internal:
		return "Nội bộ"
	case Secret:
		return "Mật"
	}
	return "Chưa phân loại"
}

// Content is what an edition of a document says of it: everything here becomes public when it is
// posted.
//
// Source: F-42, F-43; Decree 30/2020 annex VI (domain.md 4.5), whose names stand in metadata.go.
type Content struct {
	Number      Number
	Year        int // the year its number is of
	Issuer      IssuerID
	Type        TypeID
	Field       FieldID // may be empty
	IssuedOn    string  // "2021-05-12"; "" when the paper does not say
	EffectiveOn string  // first day in force; "" = from the day of issue
	ExpiresOn   string  // first day no longer in force; "" = none
	Subject     string  // trích yếu
	Description string
	Language    string // "Tiếng Việt"
	Pages       int    // 0 = not counted
	Copies      int    // IssuedAmount; 0 = not said
	Signer      Signer
	Recipients  []string // Nơi nhận, one entry a line
}

// A Signer is who signed and by what right.
//
// Source: domain.md 4.4.
type Signer struct {
	Authority     Authority
	Position      string // "PHÓ GIÁM ĐỐC"
	Name          string // without titles or degrees
	Delegation    string // the paper that delegates, for TUQ.
	DelegatedTill string // its last day
}

// Authority is the right by which a signer signs.
type Authority string

// The authorities of Decree 30/2020 article 13.
const (
	Head      Authority = ""
	OnBehalf  Authority = "KT."
	ByOrder   Authority = "TL."
	Delegated Authority = "TUQ."
	ForBody   Authority = "TM."
	Acting    Authority = "Q."
)

// Title explains the authority in words.
func (a Authority) Title() string {
	switch a {
	case Head:
		return "Người đứng đầu ký"
	case OnBehalf:
		return "KT. – ký thay"
	case ByOrder:
		return "TL. – thừa lệnh"
	case Delegated:
		return "TUQ. – thừa ủy quyền"
	case ForBody:
		return "TM. – thay mặt tập thể"
	case Acting:
		return "Q. – quyền"
	}
	return ""
}

// Authorities lists them in the order of a form.
func Authorities() []Authority {
	return []Authority{Head, OnBehalf, ByOrder, Delegated, ForBody, Acting}
}

// Handling is how the office handles the paper; it never becomes public.
type Handling struct {
	FileCode   string   // hồ sơ
	Arrival    int      // DocOrdinal, số đến
	ReceivedOn string   // ngày đến
	DueOn      string   // hạn xử lý
	Priority   Priority // độ khẩn
}

// Priority is how urgent a paper is.
type Priority string

// The priorities of Decree 30/2020 article 8.
const (
	Normal     Priority = ""
	Urgent     Priority = "khan"
	VeryUrgent Priority = "thuong_khan"
	Express    Priority = "hoa_toc"
)

// Title is the priority in words.
func (p Priority) Title() string {
	switch p {
	case Urgent:
		return "Khẩn"
	case VeryUrgent:
		return "Thượng khẩn"
	case Express:
		return "Hỏa tốc"
	}
	return "Thường"
}

// Priorities lists them in the order of a form.
func Priorities() []Priority { return []Priority{Normal, Urgent, VeryUrgent, Express} }

// A Document is the office's working copy of one document.
type Document struct {
	ID       DocID
	Kind     Kind
	State    workflow.State
	Version  int
	Class    Class
	Content  Content
	Handling Handling
	Reading  richtext.Doc // the reading copy; empty when there is none
	Status   Status

	Unit string // the drafting unit of an own document
	path []string

	EnteredBy, EnteredName string
	EnteredAt              int64 // ms
	ChangedBy, ChangedName string
	ChangedAt              int64

	PostedAt int64  // first publication, ms; 0 = never
	Live     int    // number of the edition the public sees; 0 = none ever
	Dirty    bool   // the working copy differs from the live edition
	Ending   Ending // how it was taken back; "" = it was not
	Slug     string // its part of the public address; "" before the first posting

	EndingNote   string
	EndingAt     int64
	EndingTarget DocID
}

// Label is what the document is called in history, audit and messages.
func (d Document) Label() string { return d.Content.Label() }

// Label is the number, or the beginning of the abstract when there is none.
func (c Content) Label() string {
	if n := c.Number.String(); n != "" {
		return n
	}
	return c.Subject
}

// Path is the address of the public page, "" before the first posting.
func (d Document) Path() string {
	if d.Slug == "" {
		return ""
	}
	return publicRoot + "/" + d.Slug
}

// Visible tells that the public sees an edition of it now, withdrawn ones under their notice
// included.
func (d Document) Visible() bool {
	return d.Live > 0 && (d.Ending == "" || d.Ending == EndWithdrawn)
}

// Place is where rights to the document reach.
func (d Document) Place() access.Place {
	if d.Kind == Incoming {
		return access.Place{}
	}
	return access.Place{Units: d.path, Owner: d.EnteredBy}
}

func (d Document) subject() workflow.Subject {
	return workflow.Subject{ID: string(d.ID), Label: d.Label(), State: d.State, Version: d.Version, Place: d.Place()}
}

// table is the workflow of the document's kind.
func (d Document) table() workflow.Table { return tableOf(d.Kind) }
