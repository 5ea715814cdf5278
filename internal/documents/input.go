package documents

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// An Input is a document as a person enters it, in a form or a row of a spreadsheet. Days are
// "2006-01-02". The names in brackets are those of the form's fields, by which wrong ones are named.
type Input struct {
	Number      string // number: "08/CT-UBND", or "/KH-SGDĐT" when it has none yet
	Year        int    // year: needed only when neither number nor day of issue tells it
	Issuer      string // issuer: name, other spelling or id
	NewIssuer   bool   // new_issuer: a name not in the list is to be added to it
	Type        string // type: name or id; "" = as the symbol says
	Field       string // field: name or id; may be empty
	IssuedOn    string // issued_on
	EffectiveOn string // effective_on
	ExpiresOn   string // expires_on
	Subject     string // subject
	Description string // description
	Language    string // language
	Pages       int    // pages
	Copies      int    // copies
	Signer      Signer // signer_authority, signer_position, signer_name, delegation, delegated_till
	Recipients  string // recipients: one a line
	Handling    Handling
	Class       Class  // class: a proposal at entry, may be left open; Secret is refused
	Unit        string // unit: the drafting unit of an own document; "" = the actor's own
}

const whereSecretsBelong = "Văn bản mật không được nhập vào hệ thống này, kể cả số và trích yếu. Hãy chuyển cho văn thư phụ trách tài liệu mật để đăng ký vào sổ văn bản mật; không chụp, không gửi qua mạng. Những gì vừa nhập chưa được lưu."

// refuseSecret is the answer to a secret paper, wherever it is offered.
//
// Source: domain.md 5 (class never), 6.2.
func refuseSecret() error {
	return fault.Fields(fault.Field{Name: "class", Message: whereSecretsBelong})
}

// secretMark is how a secret paper is marked: the words alone on a line near its top.
var secretMark = regexp.MustCompile(`(?m)^\s*(TUYỆT MẬT|TỐI MẬT|MẬT)\s*$`)

// MarkedSecret tells whether the first page of a text carries the stamp of a secret paper, for who
// takes in files too.
func MarkedSecret(page string) bool { return markedSecret(page) }

// markedSecret tells whether the first page of a text carries the stamp of a secret paper.
func markedSecret(s string) bool { return secretMark.MatchString(text.NFC(firstBytes(s, 1500))) }

// resolved is an Input that has passed all checks.
type resolved struct {
	content  Content
	handling Handling
}

// resolve checks an Input against the catalogue and gives what is stored. today is the Vietnamese
// calendar day. A missing issuer is added when the input says so.
func (s *Service) resolve(ctx context.Context, tx *db.Tx, kind Kind, in Input, today string) (resolved, error) {
	if in.Class == Secret {
		return resolved{}, refuseSecret()
	}
	c, err := catalogIn(ctx, tx)
	if err != nil {
		return resolved{}, err
	}
	p := &problems{}
	r := resolved{content: in.plain(), handling: in.Handling}
	r.content.Number = p.number(in.Number, kind)
	s.resolveIssuer(ctx, tx, c, in, &r.content, p)
	p.describe(c, in, kind, &r.content)
	if kind == Own && in.Class == Unclassified {
		p.add("class", "Hãy chọn ai được đọc văn bản: công khai hay nội bộ.")
	}
	p.days(in, kind, &r.content, r.handling, today)
	p.lengths(in, r)
	p.signer(kind, r.content)
	if err := cmp.Or(p.fail, fault.Fields(p.wrong...)); err != nil {
		return resolved{}, err
	}
	return r, nil
}

// plain gives the content fields that need no looking up.
func (in Input) plain() Content {
	c := Content{IssuedOn: in.IssuedOn, EffectiveOn: in.EffectiveOn, ExpiresOn: in.ExpiresOn,
		Subject: text.CleanInput(in.Subject), Description: text.CleanLines(in.Description), Language: cmp.Or(text.CleanInput(in.Language), "Tiếng Việt"),
		Pages: in.Pages, Copies: in.Copies, Signer: in.Signer}
	for line := range strings.Lines(text.CleanLines(in.Recipients)) {
		line = strings.Trim(line, " -–;.\n")
		if line != "" {
			c.Recipients = append(c.Recipients, line)
		}
	}
	return c
}

// problems collects wrong fields, so that all are named at once.
type problems struct {
	wrong []fault.Field
	fail  error // a failure that is not the input's
}

func (p *problems) add(field, format string, args ...any) {
	p.wrong = append(p.wrong, fault.Field{Name: field, Message: fmt.Sprintf(format, args...)})
}

// number reads the number. An own document may still be without: the clerk numbers it.
func (p *problems) number(typed string, kind Kind) Number {
	if strings.TrimSpace(typed) == "" {
		if kind == Incoming {
			p.add("number", "Hãy nhập số, ký hiệu như ghi trên văn bản, ví dụ 08/CT-UBND.")
		}
		return Number{}
	}
	n, err := ParseNumber(typed)
	if err != nil {
		p.add("number", "%s", fault.Message(err))
	}
	if kind == Own && !n.Blank() {
		p.add("number", "Văn thư lấy số khi phát hành. Hãy bỏ trống phần số, chỉ ghi ký hiệu, ví dụ /KH-SGDĐT.")
	}
	return n
}

func (s *Service) resolveIssuer(ctx context.Context, tx *db.Tx, c *Catalog, in Input, to *Content, p *problems) {
	name := text.CleanInput(in.Issuer)
	if name == "" {
		p.add("issuer", "Hãy chọn hoặc nhập cơ quan ban hành.")
		return
	}
	if i, ok := c.FindIssuer(name); ok {
		to.Issuer = i.ID
		return
	}
	if !in.NewIssuer {
		p.add("issuer", "Danh mục chưa có cơ quan “%s”. Hãy chọn tên trong danh mục; nếu đúng là cơ quan mới, đánh dấu “Thêm cơ quan này vào danh mục”.", text.Excerpt(name, 80))
		return
	}
	id, err := s.addIssuer(ctx, tx, IssuerForm{Name: name, Code: to.Number.IssuerCode(func(code string) bool { _, ok := c.TypeByCode(code); return ok })})
	if fault.Is(err, fault.Invalid) {
		p.add("issuer", "%s", fault.Message(err))
	} else if err != nil {
		p.fail = err
	}
	to.Issuer = id
}

// describe finds type and field, and gives an own document its symbol.
func (p *problems) describe(c *Catalog, in Input, kind Kind, to *Content) {
	bySymbol, told := c.TypeBySymbol(to.Number, to.Issuer)
	switch t, ok := c.FindType(in.Type); {
	case text.CleanInput(in.Type) == "" && told:
		to.Type = bySymbol.ID
	case text.CleanInput(in.Type) == "":
		p.add("type", "Ký hiệu không cho biết loại văn bản. Hãy chọn loại.")
	case !ok:
		p.add("type", "Không có loại văn bản “%s”. Hãy chọn trong danh sách.", text.Excerpt(in.Type, 40))
	case told && bySymbol.Code != "" && t.Code != "" && t.ID != bySymbol.ID:
		p.add("type", "Ký hiệu “%s” là của %s, không phải %s. Hãy sửa loại hoặc ký hiệu.", to.Number.TypeCode(), strings.ToLower(bySymbol.Name), strings.ToLower(t.Name))
	default:
		to.Type = t.ID
	}
	if field := text.CleanInput(in.Field); field != "" {
		f, ok := c.FindField(field)
		if !ok {
			p.add("field", "Không có lĩnh vực “%s”. Hãy chọn trong danh sách.", text.Excerpt(field, 60))
		}
		to.Field = f.ID
	}
	if issuer, ok := c.Issuer(to.Issuer); kind == Own && ok {
		if !issuer.Own {
			p.add("issuer", "Văn bản do Sở soạn phải có cơ quan ban hành là Sở hoặc Hội đồng thi.")
		}
		if t, _ := c.Type(to.Type); to.Number.Symbol == "" && t.Code != "" {
			to.Number.Symbol = t.Code + "-" + issuer.Code
		}
	}
	if to.Subject == "" {
		p.add("subject", "Hãy nhập trích yếu: văn bản nói về việc gì.")
	}
}

// days checks that the days follow one another and gives the year.
//
// Source: F-44; domain.md 6.2 (effective before issue).
func (p *problems) days(in Input, kind Kind, c *Content, h Handling, today string) {
	follow := func(field, earlier, later, message string) {
		if earlier != "" && later != "" && later < earlier {
			p.add(field, message, text.FormatDay(later), text.FormatDay(earlier))
		}
	}
	if c.IssuedOn > today {
		p.add("issued_on", "Ngày ban hành %s còn ở phía trước. Hãy kiểm tra lại ô này.", text.FormatDay(c.IssuedOn))
	}
	follow("effective_on", c.IssuedOn, c.EffectiveOn, "Ngày hiệu lực %s trước ngày ban hành %s. Hãy kiểm tra lại hai ô này.")
	follow("expires_on", cmp.Or(c.EffectiveOn, c.IssuedOn), c.ExpiresOn, "Ngày hết hiệu lực %s trước ngày bắt đầu hiệu lực %s. Hãy kiểm tra lại hai ô này.")
	follow("received_on", c.IssuedOn, h.ReceivedOn, "Ngày đến %s trước ngày ban hành %s. Hãy kiểm tra lại hai ô này.")
	follow("due_on", h.ReceivedOn, h.DueOn, "Hạn xử lý %s trước ngày đến %s. Hãy kiểm tra lại hai ô này.")
	issued := yearOf(c.IssuedOn)
	if c.Number.Year != 0 && issued != 0 && c.Number.Year != issued {
		p.add("issued_on", "Số ghi năm %d nhưng ngày ban hành là %s. Hãy kiểm tra lại hai ô này.", c.Number.Year, text.FormatDay(c.IssuedOn))
	}
	c.Year = cmp.Or(c.Number.Year, issued, in.Year)
	if c.Year == 0 && kind == Own {
		c.Year = yearOf(today)
	}
	if c.Year == 0 {
		p.add("issued_on", "Hãy nhập ngày ban hành. Nếu văn bản không ghi ngày, hãy nhập năm.")
	} else if c.Year < 1945 || c.Year > yearOf(today) {
		p.add("year", "Năm %d không hợp lệ.", c.Year)
	} else if in.Year != 0 && in.Year != c.Year {
		p.add("year", "Năm %d khác năm %d của số, ký hiệu hoặc ngày ban hành. Hãy sửa lại, hoặc bỏ trống ô Năm.", in.Year, c.Year)
	}
}

// lengths checks the limits of Decree 30/2020 annex VI (domain.md 4.5).
func (p *problems) lengths(in Input, r resolved) {
	for _, f := range []struct {
		name, value string
		max         int
	}{
		{"subject", r.content.Subject, 500}, {"description", r.content.Description, 500}, {"language", r.content.Language, 100},
		{"signer_position", in.Signer.Position, 100}, {"signer_name", in.Signer.Name, 50}, {"delegation", in.Signer.Delegation, 200},
		{"file_code", in.Handling.FileCode, 30}, {"recipients", in.Recipients, 4000},
	} {
		if n := utf8.RuneCountInString(f.value); n > f.max {
			p.add(f.name, "“%s” dài %d ký tự; theo quy định không quá %d. Hãy rút gọn.", column(f.name).Title, n, f.max)
		}
	}
	for _, f := range []struct {
		name  string
		value int
	}{{"pages", r.content.Pages}, {"copies", r.content.Copies}, {"arrival", r.handling.Arrival}} {
		if f.value < 0 || f.value > 1_000_000 {
			p.add(f.name, "“%s” phải là một số từ 0 đến 1.000.000. Hãy sửa lại.", column(f.name).Title)
		}
	}
	if !slices.Contains(Priorities(), r.handling.Priority) {
		p.add("priority", "Hãy chọn độ khẩn trong danh sách.")
	}
}

// degrees are what must not stand before a signer's name (domain.md 4.2).
var degrees = regexp.MustCompile(`(?i)^\s*(GS|PGS|TS|ThS|CN|KS|NGND|NGƯT|Ông|Bà|Đ/c|Đồng chí)[.\s]`)

// signer checks by what right an own document is signed; what other bodies do is theirs to know.
//
// Source: domain.md 4.4; Decree 30/2020 article 13.3.
func (p *problems) signer(kind Kind, c Content) {
	if !slices.Contains(Authorities(), c.Signer.Authority) {
		p.add("signer_authority", "Hãy chọn thẩm quyền ký trong danh sách.")
	}
	if kind != Own {
		return
	}
	if degrees.MatchString(c.Signer.Name) {
		p.add("signer_name", "Họ tên người ký không ghi học hàm, học vị, danh hiệu. Hãy chỉ ghi họ và tên.")
	}
	if c.Signer.Authority == Delegated && (c.Signer.Delegation == "" || c.Signer.DelegatedTill == "") {
		p.add("delegation", "Ký TUQ. cần văn bản ủy quyền còn hạn: hãy ghi số văn bản ủy quyền và ngày hết hạn.")
	}
}

// delegationValid tells whether a TUQ. signature may be given on a day.
func (g Signer) delegationValid(day string) bool {
	return g.Authority != Delegated || (g.Delegation != "" && g.DelegatedTill >= day)
}
