package reports

import (
	"context"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// A Dictation is a report that a site reads out over the telephone.
type Dictation struct {
	Report  rules.Report
	Speaker string // who spoke and in which post: "Trưởng điểm Nguyễn Văn A"
	// HeadSpoke tells that it was the site's head: the report is confirmed by it.
	HeadSpoke bool
	CalledAt  int64 // when the call was, ms UTC; 0 = now
	ReadBack  bool  // the figures were read back and found right
}

// Dictate takes in a report typed for a site. The record keeps who dictated, who typed, when, and that
// it was read back. What the site sends itself later must say the same, and is then linked to this one
// quietly; otherwise it opens a conflict.
//
// It returns what [Service.Submit] does, and fault.Invalid with fields "speaker", "readBack", "calledAt".
//
// Source: domain.md 2.4 (*), 6.5.
func (s *Service) Dictate(ctx context.Context, d Dictation) (Receipt, error) {
	ctx, err := s.Policy.Enter(ctx, ActDictate, place(exam.SiteID(d.Report.Site)))
	if err != nil {
		return Receipt{}, err
	}
	var wrong []fault.Field
	if d.Speaker = text.CleanInput(d.Speaker); d.Speaker == "" || len([]rune(d.Speaker)) > 120 {
		wrong = append(wrong, fault.Field{Name: "speaker", Message: "Hãy ghi người đọc số liệu và chức vụ, ví dụ: Thư ký Nguyễn Văn A."})
	}
	if !d.ReadBack {
		wrong = append(wrong, fault.Field{Name: "readBack", Message: "Hãy đọc lại số liệu cho điểm thi nghe, rồi đánh dấu đã đọc lại và được xác nhận đúng."})
	}
	now := s.Clock.Millis()
	if d.CalledAt == 0 {
		d.CalledAt = now
	}
	if d.CalledAt > now || d.CalledAt < now-24*3_600_000 {
		wrong = append(wrong, fault.Field{Name: "calledAt", Message: "Giờ gọi phải trong 24 giờ qua."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return Receipt{}, err
	}
	if d.Report.Reporter == "" {
		d.Report.Reporter = d.Speaker
	}
	return s.receive(ctx, entry{Submission: Submission{Report: d.Report}, channel: Phone, do: "dictate", dictatedBy: d.Speaker, dictatedAt: d.CalledAt, headSpoke: d.HeadSpoke})
}
