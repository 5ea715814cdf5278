package demo

import (
	"context"
	"errors"
	"fmt"

	"bangvang/internal/app"
	"bangvang/internal/base/clock"
	"bangvang/internal/readiness"
)

// fillReadiness opens a dated point for the exam of 2021 and lets the accounts of one site and one
// school work on it: the site's report was reviewed and lacks something, the school's is half done, the
// others are silent. Two difficulties were told, one of them answered. All of it is invented.
//
// Source: domain.md 6.6, 9 (9).
func fillReadiness(ctx context.Context, a *app.App) error {
	e, err := a.Exam.ExamOf(program(ctx), 2021)
	if err != nil {
		return err
	}
	d := desk{people: a.People, docs: a.Documents}
	exams, err := d.as(ctx, "khao-thi")
	if err != nil {
		return err
	}
	due := "2021-07-03"
	if tomorrow := clock.Day(a.Clock.Now().AddDate(0, 0, 1)); due < tomorrow {
		due = tomorrow
	}
	call, err := a.Readiness.OpenCall(exams, e.ID, readiness.CallInput{Title: "Báo cáo chuẩn bị lần 1 (giả định)", Note: "Nội dung giả định để trình diễn.", Day: due, Clock: "17:00", Kinds: readiness.Kinds()})
	if err != nil {
		return fmt.Errorf("open a point of readiness: %w", err)
	}
	return errors.Join(d.siteReady(ctx, a.Readiness, call), d.schoolReady(ctx, a, call))
}

// siteReady takes a site's report to the reviewer, with one thing wanting.
func (d desk) siteReady(ctx context.Context, s *readiness.Service, call readiness.CallID) error {
	secretary, err := d.as(ctx, "thu-ky-diem-thi")
	if err != nil {
		return err
	}
	head, err := d.as(ctx, "truong-diem-thi")
	if err != nil {
		return err
	}
	exams, err := d.as(ctx, "khao-thi")
	if err != nil {
		return err
	}
	mine, err := s.Mine(secretary)
	if err != nil || len(mine) == 0 { // its round is over, and the sites of the next one report
		return err
	}
	site := mine[0].Subject.ID
	w, err := s.ReportOf(secretary, call, site)
	if err != nil {
		return err
	}
	for _, x := range w.Items {
		answer := readiness.Answer{Code: x.Code, Verdict: readiness.Met, Says: "Đã kiểm tra (giả định)."}
		if x.Code == "power" {
			answer = readiness.Answer{Code: x.Code, Verdict: readiness.Unmet, Says: "Máy phát điện đang sửa (giả định)", DueOn: clock.Day(s.Clock.Now().AddDate(0, 0, 1)), Person: "Phó Trưởng điểm"}
		}
		if err := s.Fill(secretary, call, site, answer); err != nil {
			return fmt.Errorf("readiness of a site: %w", err)
		}
	}
	if w, err = s.ReportOf(head, call, site); err != nil {
		return err
	}
	if err := s.Submit(head, call, site, w.Report.Version); err != nil {
		return fmt.Errorf("readiness of a site: %w", err)
	}
	if w, err = s.ReportOf(exams, call, site); err != nil {
		return err
	}
	return s.Review(exams, call, site, w.Report.Version, "Giả định để trình diễn")
}

// schoolReady begins a school's report, and tells its difficulties.
func (d desk) schoolReady(ctx context.Context, a *app.App, call readiness.CallID) error {
	editor, err := d.as(ctx, "bien-tap-truong")
	if err != nil {
		return err
	}
	office, err := d.as(ctx, "van-phong")
	if err != nil {
		return err
	}
	who, err := a.Readiness.Raisers(editor)
	if err != nil || len(who) == 0 {
		return err
	}
	for _, code := range []string{"rules", "training", "files"} {
		err := a.Readiness.Fill(editor, call, who[0].ID, readiness.Answer{Code: code, Verdict: readiness.Met, Says: "Đã xong (giả định)."})
		if err != nil {
			return fmt.Errorf("readiness of a school: %w", err)
		}
	}
	_, err = a.Readiness.Raise(editor, readiness.DifficultyInput{Subject: who[0].ID, Title: "Thiếu xe đưa thí sinh ở xa đến điểm thi (giả định)", Urgent: true,
		Says: "42 em ở xa điểm thi, đường có nguy cơ sạt lở. Đề nghị Sở phối hợp bố trí hai xe. Nội dung giả định để trình diễn."})
	if err != nil {
		return err
	}
	id, err := a.Readiness.Raise(editor, readiness.DifficultyInput{Subject: who[0].ID, Title: "Cần thêm phòng nghỉ trưa cho thí sinh (giả định)", Says: "Khoảng 30 em không về nhà buổi trưa. Nội dung giả định để trình diễn."})
	if err != nil {
		return err
	}
	return a.Readiness.Answer(office, id, 1, "Dùng nhà đa năng của trường; Văn phòng Sở cấp chăn, nước uống (giả định).")
}
