package demo

import (
	"context"
	"fmt"

	"bangvang/internal/app"
	"bangvang/internal/documents"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
)

// fillMinistry makes the link with the Ministry's Office as the offices would have it: the book of
// recipients, without addresses; two requests; a report of each sitting whose figures are approved, the
// first of them signed and numbered. What people say in it is invented and says so.
//
// Source: R-II.4-b, R-II.4-c; domain.md 9 (9).
func fillMinistry(ctx context.Context, a *app.App) error {
	d := desk{people: a.People, docs: a.Documents}
	office, err := d.as(ctx, "van-phong")
	if err != nil {
		return err
	}
	e, err := a.Exam.ExamOf(program(ctx), 2021)
	if err != nil {
		return err
	}
	s := a.Ministry
	if err := s.FillBook(office, e.ID); err != nil {
		return err
	}
	now := a.Clock.Millis()
	request := ministry.Request{Exam: e.ID, Way: "Điện thoại", AskedBy: "Trực ban Văn phòng Bộ (giả định)", Subject: "Số thí sinh ở xa điểm thi được hỗ trợ chỗ ở", ReceivedAt: now - 5_400_000, DueAt: now + 10_800_000,
		Body: "Đề nghị cho biết số thí sinh ở xa điểm thi được bố trí chỗ ở trong các ngày thi (nội dung giả định để trình diễn)."}
	id, err := s.RecordRequest(office, request)
	if err != nil {
		return err
	}
	if err := s.Assign(office, id, 1, people.RoleExamOffice, "Trả lời trước 30 phút để Văn phòng tổng hợp."); err != nil {
		return err
	}
	request.Subject, request.Body, request.ReceivedAt, request.DueAt = "Số điện thoại trực thi của Sở", "Đề nghị gửi lại số trực (nội dung giả định để trình diễn).", now-90_000_000, 0
	if id, err = s.RecordRequest(office, request); err != nil {
		return err
	}
	if err := s.Answer(office, id, 1, "Đã gửi số trực ban của Văn phòng và Phòng Khảo thí.", "Thư điện tử", now-86_400_000); err != nil {
		return err
	}
	owed, err := s.Owed(office, e)
	if err != nil {
		return err
	}
	book, err := s.Recipients(office, e.ID)
	if err != nil {
		return err
	}
	in := ministry.Draft{Texts: ministry.Texts{Weather: "Trời nắng, đường đi lại thuận lợi (giả định).", Assessment: "Buổi thi diễn ra an toàn, nghiêm túc, đúng quy chế.", Proposals: "Không có.",
		Posts: "KT. Giám đốc\nPhó Giám đốc", Signer: "Nguyễn Văn Mẫu"}}
	for _, r := range book {
		in.Recipients = append(in.Recipients, r.ID)
	}
	first := true
	for _, o := range owed {
		if o.Kind != ministry.Quick || o.Figures == 0 {
			continue
		}
		id, err := s.Make(office, o.About, in)
		if err != nil {
			return fmt.Errorf("report of %s: %w", o.Title, err)
		}
		if first {
			if err := d.sign(ctx, s, id); err != nil {
				return fmt.Errorf("report of %s: %w", o.Title, err)
			}
		}
		first = false
	}
	return nil
}

// sign takes a report through the register as far as its number.
func (d desk) sign(ctx context.Context, s *ministry.Service, id ministry.PaperID) error {
	office, err := d.as(ctx, "van-phong")
	if err != nil {
		return err
	}
	if err := s.Submit(office, id, 1); err != nil {
		return err
	}
	p, err := s.Paper(office, id)
	if err != nil {
		return err
	}
	for _, step := range []struct{ by, do string }{{"van-phong-2", "check_content"}, {"van-phong-2", "check_form"}, {"lanh-dao", "sign"}, {"van-thu", "number"}} {
		who, err := d.as(ctx, step.by)
		if err != nil {
			return err
		}
		doc, err := d.docs.Document(who, p.Document)
		if err != nil {
			return err
		}
		if step.do == "number" {
			err = d.docs.Number(who, doc.ID, doc.Version, documents.Numbering{})
		} else {
			err = d.docs.Advance(who, doc.ID, doc.Version, step.do, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
