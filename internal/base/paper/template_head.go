package paper

import (
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/text"
)

// A setter puts the value of one line of a template's head into a document; it tells in Vietnamese
// what is wrong with the value, "" if nothing.
type setter func(d *Document, value string) string

// settings are the keys of a template's head. Those that may stand on several lines add to a list.
var settings = map[string]struct {
	many bool
	set  setter
}{
	"Tên mẫu":          {set: func(*Document, string) string { return "" }},
	"Cơ quan chủ quản": {set: func(d *Document, v string) string { d.Organisation.Governing = parted(v); return "" }},
	"Cơ quan ban hành": {set: func(d *Document, v string) string { d.Organisation.Issuing = parted(v); return "" }},
	"Số":               {set: setNumber},
	"Ký hiệu":          {set: func(d *Document, v string) string { d.Symbol = v; return "" }},
	"Địa danh":         {set: func(d *Document, v string) string { d.Place = v; return "" }},
	"Ngày":             {set: func(d *Document, v string) string { return setDate(&d.Date, v) }},
	"Loại":             {set: func(d *Document, v string) string { d.Type = v; return "" }},
	"Trích yếu":        {set: func(d *Document, v string) string { d.Abstract = parted(v); return "" }},
	"Độ khẩn":          {set: setUrgency},
	"Lưu hành":         {set: func(d *Document, v string) string { d.Circulation = v; return "" }},
	"Lời gửi":          {set: func(d *Document, v string) string { d.Salutation = v; return "" }},
	"Kính gửi":         {many: true, set: func(d *Document, v string) string { d.Addressees = append(d.Addressees, v); return "" }},
	"Căn cứ":           {many: true, set: func(d *Document, v string) string { d.Bases = append(d.Bases, v); return "" }},
	"Chức vụ":          {many: true, set: setPost},
	"Người ký":         {set: func(d *Document, v string) string { d.Signature.Name = v; return "" }},
	"Ủy quyền":         {set: func(d *Document, v string) string { d.Signature.Delegation = v; return "" }},
	"Ủy quyền đến":     {set: func(d *Document, v string) string { return setDate(&d.Signature.ValidTo, v) }},
	"Nơi nhận":         {many: true, set: setRecipient},
	"Lưu":              {set: func(d *Document, v string) string { d.Archive = v; return "" }},
}

// settingNames lists the keys for a message, in a fixed order.
func settingNames() string {
	names := make([]string, 0, len(settings))
	for n := range settings {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(text.SortKey(a), text.SortKey(b)) })
	return strings.Join(names, ", ")
}

// parted makes the "|" in a name or an abstract a new line.
func parted(v string) string { return strings.ReplaceAll(v, "|", "\n") }

func setNumber(d *Document, v string) string {
	n, err := strconv.Atoi(strings.ReplaceAll(v, ".", ""))
	if err != nil || n < 0 || n > maxNumber {
		return "số văn bản phải là số nguyên, hoặc để trống khi chưa có số"
	}
	d.Number = n
	return ""
}

func setDate(to *Date, v string) string {
	d, err := ParseDate(v)
	if err != nil {
		return "ngày phải ghi năm-tháng-ngày như 2021-07-07, hoặc 2021-07 khi chưa có ngày"
	}
	*to = d
	return ""
}

func setUrgency(d *Document, v string) string {
	for u, stamp := range urgencies {
		if stamp.word != "" && text.Fold(stamp.word) == text.Fold(v) {
			d.Urgency = Urgency(u)
			return ""
		}
	}
	if text.Fold(v) == "thuong" {
		return ""
	}
	return "độ khẩn chỉ có: thường, khẩn, thượng khẩn, hỏa tốc"
}

func setPost(d *Document, v string) string {
	p := Post{Title: v}
	for _, a := range []Authority{ForHead, ByOrder, Delegated, ForWhole, ActingAsHead} {
		if after, ok := strings.CutPrefix(v, string(a)); ok {
			p = Post{a, clean(after)}
			break
		}
	}
	d.Signature.Posts = append(d.Signature.Posts, p)
	return ""
}

func setRecipient(d *Document, v string) string {
	r := Recipient{Name: v}
	if i := strings.LastIndex(v, "("); i > 0 && strings.HasSuffix(v, ")") {
		r = Recipient{clean(v[:i]), clean(v[i+1 : len(v)-1])}
	}
	d.Recipients = append(d.Recipients, r)
	return ""
}

// setting checks a line of the head as far as it can without data.
func (p *templateParser) setting(n node) {
	s, ok := settings[n.key]
	if !ok {
		p.wrong(n.line, "không có mục “%s”. Phần đầu chỉ có các mục: %s", clip(n.key), settingNames())
		return
	}
	value, open := "", false
	for _, part := range n.text {
		value += part.literal
		open = open || part.field != nil
	}
	if n.key == "Tên mẫu" {
		switch {
		case open || clean(value) == "":
			p.wrong(n.line, "“Tên mẫu” phải là chữ cố định")
		case p.name != "":
			p.wrong(n.line, "“Tên mẫu” đã có ở trên")
		default:
			p.name = clean(value)
		}
		return
	}
	if !open && clean(value) != "" {
		if problem := s.set(new(Document), clean(value)); problem != "" {
			p.wrong(n.line, "%s", problem)
		}
	}
}
