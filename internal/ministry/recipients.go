package ministry

import (
	"context"
	netmail "net/mail"
	"slices"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
)

// A Recipient is one that gets an exam's reports.
type Recipient struct {
	ID        RecipientID `json:"id"`
	Exam      exam.ID     `json:"-"`
	Name      string      `json:"name"`
	Role      string      `json:"role"`      // in brackets in "Nơi nhận"; "" = none
	Email     string      `json:"email"`     // "" = reached another way
	Way       string      `json:"way"`       // which, when not by mail
	Principal bool        `json:"principal"` // the paper is addressed to it, and its receipt counts
	Active    bool        `json:"-"`
	Position  int         `json:"-"`
	Version   int         `json:"-"` // 0: not in the book yet
}

// usual are who gets the reports by domain.md 2.5, for an exam that has no book of its own: without
// addresses, which nobody can know but the Office.
func usual(e exam.ID) []Recipient {
	list := []Recipient{
		{Name: "Văn phòng Bộ Giáo dục và Đào tạo", Principal: true},
		{Name: "Cục Quản lý chất lượng, Bộ Giáo dục và Đào tạo", Role: "b/c"},
		{Name: "Ban Chỉ đạo thi cấp tỉnh", Role: "b/c"},
		{Name: "Tỉnh ủy", Role: "b/c"},
		{Name: "UBND tỉnh", Role: "b/c"},
		{Name: "Ban Tuyên giáo Tỉnh ủy", Role: "b/c"},
		{Name: "Lãnh đạo Sở", Role: "chỉ đạo"},
	}
	for i := range list {
		list[i].Exam, list[i].Active, list[i].Position = e, true, (i+1)*10
		list[i].Way = "Trục liên thông văn bản"
	}
	return list
}

// Recipients gives an exam's book, those that are not used any more last.
func (s *Service) Recipients(ctx context.Context, e exam.ID) ([]Recipient, error) {
	if _, err := s.may(ctx, ActRead); err != nil {
		return nil, err
	}
	return recipientsOf(ctx, s.DB.Read(), e)
}

// FillBook writes the usual recipients into the book of an exam that has none yet.
func (s *Service) FillBook(ctx context.Context, e exam.ID) error {
	ctx, err := s.may(ctx, ActWording)
	if err != nil {
		return err
	}
	known, err := s.Exams.Exam(ctx, e)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := recipientsOf(ctx, tx, e)
		if err != nil || len(have) > 0 {
			return err
		}
		for _, r := range usual(e) {
			r.ID = RecipientID(db.NewID())
			if err := insertRecipient(ctx, tx, r); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "ministry.recipients", Kind: "ministry.recipient", ID: string(e), Label: known.FullName()})
	})
}

// SaveRecipient adds a recipient, or changes the one in.ID over the version read. Papers keep the
// recipients they were made with.
//
// It returns fault.Invalid with fields "name", "role", "email", "way", "position".
func (s *Service) SaveRecipient(ctx context.Context, in Recipient) (RecipientID, error) {
	ctx, err := s.may(ctx, ActWording)
	if err != nil {
		return "", err
	}
	if _, err := s.Exams.Exam(ctx, in.Exam); err != nil {
		return "", err
	}
	if err := in.clean(); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := recipientsOf(ctx, tx, in.Exam)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.ID == in.ID || !r.Active || !in.Active {
				continue
			}
			if text.Fold(r.Name) == text.Fold(in.Name) {
				return fault.Fields(fault.Field{Name: "name", Message: "Danh sách đã có “" + r.Name + "”."})
			}
			if in.Email != "" && text.Fold(r.Email) == text.Fold(in.Email) {
				return fault.Fields(fault.Field{Name: "email", Message: "“" + r.Name + "” đã dùng địa chỉ này; mỗi địa chỉ chỉ nhận một thư của một báo cáo."})
			}
		}
		if in.ID == "" {
			in.ID = RecipientID(db.NewID())
			err = insertRecipient(ctx, tx, in)
		} else {
			if !slices.ContainsFunc(all, func(r Recipient) bool { return r.ID == in.ID }) {
				return &fault.Error{Kind: fault.NotFound}
			}
			err = updateRecipient(ctx, tx, in)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "ministry.recipient", Kind: "ministry.recipient", ID: string(in.ID), Label: in.Name})
	})
	return in.ID, err
}

func (in *Recipient) clean() error {
	in.Name, in.Role, in.Email, in.Way = text.CleanInput(in.Name), text.CleanInput(in.Role), text.CleanInput(in.Email), text.CleanInput(in.Way)
	var wrong []fault.Field
	bad := func(field, message string) { wrong = append(wrong, fault.Field{Name: field, Message: message}) }
	if in.Name == "" || len([]rune(in.Name)) > 200 {
		bad("name", "Hãy ghi tên nơi nhận, nhiều nhất 200 ký tự.")
	}
	if len([]rune(in.Role)) > 40 {
		bad("role", "Chữ trong ngoặc dài quá 40 ký tự.")
	}
	if in.Email != "" && !isAddress(in.Email) {
		bad("email", "Địa chỉ thư không đúng, ví dụ vanphong@moet.example.vn.")
	}
	if len([]rune(in.Way)) > 200 {
		bad("way", "Cách gửi dài quá 200 ký tự.")
	}
	if in.Position < 0 || in.Position > 10_000 {
		bad("position", "Thứ tự là số từ 0 đến 10.000.")
	}
	return fault.Fields(wrong...)
}

// isAddress tells whether s is one mail address and nothing else.
func isAddress(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
