package exam

import (
	"context"
	"fmt"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// News is one thing that is new this year (điểm mới), beside how it was the year before.
//
// Source: R-II.2-b.
type News struct {
	ID     NewsID
	Title  string
	Before string // plain text, may be "" when it did not exist
	Now    string // plain text
	Source string // the document it rests on
	// ChangedAt is when it was last edited, ms UTC.
	ChangedAt int64
	Version   int
}

// News gives what is new in an exam, in the order it is shown. Anyone may ask for a public exam;
// drafts are the office's ([ActRead]).
func (s *Service) News(ctx context.Context, e Exam) ([]News, error) {
	if !e.Public {
		if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
			return nil, err
		}
	}
	return readNews(ctx, s.DB.Read(), e.ID)
}

// SaveNews changes one item, or adds it at the end when id is "".
//
// It returns fault.Invalid with fields "title", "before", "now", "source"; fault.Conflict after
// another change.
func (s *Service) SaveNews(ctx context.Context, exam ID, id NewsID, version int, in News) (NewsID, error) {
	var c checker
	c.required("title", "tiêu đề", in.Title, 160)
	c.required("now", "nội dung của năm nay", in.Now, 2000)
	c.short("before", "nội dung của năm trước", in.Before, 2000)
	c.short("source", "nguồn", in.Source, 300)
	in.ID, in.Version = id, 1
	err := s.changeNews(ctx, exam, in.Title, "exam.news", c.err(), func(ctx context.Context, tx *db.Tx) error {
		if id != "" {
			return db.Exec1(ctx, tx, `UPDATE exam_news SET title = $4, before = $5, now = $6, source = $7, changed_at = $8, version = version + 1
				WHERE id = $1 AND exam = $2 AND version = $3`, id, exam, version, in.Title, in.Before, in.Now, in.Source, tx.Now())
		}
		in.ID = NewsID(db.NewID())
		var position int
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(position) + 1, 0) FROM exam_news WHERE exam = $1", exam).Scan(&position); err != nil {
			return err
		}
		return insertNews(ctx, tx, exam, in, position)
	})
	return in.ID, err
}

// RemoveNews takes an item away. fault.Conflict after another change.
func (s *Service) RemoveNews(ctx context.Context, exam ID, id NewsID, version int) error {
	return s.changeNews(ctx, exam, string(id), "exam.news.remove", nil, func(ctx context.Context, tx *db.Tx) error {
		return db.Exec1(ctx, tx, "DELETE FROM exam_news WHERE id = $1 AND exam = $2 AND version = $3", id, exam, version)
	})
}

// RaiseNews puts an item one place up; the first stays where it is.
func (s *Service) RaiseNews(ctx context.Context, exam ID, id NewsID) error {
	return s.changeNews(ctx, exam, string(id), "exam.news.order", nil, func(ctx context.Context, tx *db.Tx) error {
		list, err := readNews(ctx, tx, exam)
		if err != nil {
			return err
		}
		for i := 1; i < len(list); i++ {
			if list[i].ID == id {
				list[i-1], list[i] = list[i], list[i-1]
			}
		}
		for i, n := range list {
			if err := db.Exec1(ctx, tx, "UPDATE exam_news SET position = $2 WHERE id = $1", n.ID, i); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) changeNews(ctx context.Context, exam ID, label, verb string, wrong error, do func(context.Context, *db.Tx) error) error {
	ctx, err := s.Policy.Enter(ctx, ActNews, access.Place{})
	if err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		if err := ExamChanged.Emit(ctx, tx, ExamFact{e.ID, e.Year}); err != nil {
			return err
		}
		if err := s.touch(ctx, tx, e.touched(KeyNews)...); err != nil {
			return err
		}
		return write(ctx, tx, verb, "exam.news", string(exam), label, "", map[string]string{"exam": e.FullName()})
	})
}

func readNews(ctx context.Context, q db.Queryer, exam ID) ([]News, error) {
	return db.All(ctx, q, func(s db.Scanner) (n News, err error) {
		return n, s.Scan(&n.ID, &n.Title, &n.Before, &n.Now, &n.Source, &n.ChangedAt, &n.Version)
	}, "SELECT id, title, before, now, source, changed_at, version FROM exam_news WHERE exam = $1 ORDER BY position, id", exam)
}

func insertNews(ctx context.Context, tx *db.Tx, exam ID, n News, position int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exam_news (id, exam, title, before, now, source, position, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		n.ID, exam, n.Title, n.Before, n.Now, n.Source, position, n.Version, tx.Now())
	return err
}

// YearBefore gives the latest public exam before e. fault.NotFound when there is none.
func (s *Service) YearBefore(ctx context.Context, e Exam) (Exam, error) {
	id, err := db.One(ctx, s.DB.Read(), scanID[ID], "SELECT id FROM exam WHERE year < $1 AND is_public ORDER BY year DESC LIMIT 1", e.Year)
	if err != nil {
		return Exam{}, err
	}
	return readExam(ctx, s.DB.Read(), id)
}

// A Difference is a fact of the timetable or the papers that two exams do not share.
type Difference struct {
	What        string // "Ngày thi", "Ngữ văn"
	Before, Now string // "" = there was none
}

// Differences compares the exam with an earlier one by what their records say: days, rounds,
// sittings, papers and working times.
//
// Source: R-II.2-b.
func (e Exam) Differences(before Exam) []Difference {
	var all []Difference
	add := func(what, a, b string) {
		if a != b {
			all = append(all, Difference{what, a, b})
		}
	}
	add("Mã Hội đồng thi", before.Council.Code, e.Council.Code)
	add("Số đợt thi", fmt.Sprint(len(before.Rounds)), fmt.Sprint(len(e.Rounds)))
	add("Ngày thi", before.daysText(), e.daysText())
	add("Chương trình", before.schemesText(), e.schemesText())
	add("Số buổi thi mỗi đợt", before.sittingsText(), e.sittingsText())
	add("Ngoại ngữ", before.languagesText(), e.languagesText())
	old, now := before.minutes(), e.minutes()
	for _, list := range [][]Subject{e.Subjects, before.Subjects} {
		for _, subject := range list {
			a, b := old[subject.Code], now[subject.Code]
			if a != b && !hasDifference(all, subject.Name) {
				add(subject.Name, a, b)
			}
		}
	}
	return all
}

func hasDifference(all []Difference, what string) bool {
	for _, d := range all {
		if d.What == what {
			return true
		}
	}
	return false
}

func (e Exam) daysText() string {
	var parts []string
	for _, r := range e.Rounds {
		first, last := r.Days()
		if first == "" {
			continue
		}
		span := text.FormatDay(first)
		if last != first {
			span += "–" + text.FormatDay(last)
		}
		parts = append(parts, span)
	}
	return strings.Join(parts, "; ")
}

func (e Exam) schemesText() string {
	var codes []string
	for _, s := range e.Schemes {
		codes = append(codes, s.Name)
	}
	return strings.Join(codes, "; ")
}

func (e Exam) sittingsText() string {
	var counts []string
	for _, r := range e.Rounds {
		n := 0
		for _, s := range r.Sittings {
			if s.Kind == Papers && s.Held() {
				n++
			}
		}
		counts = append(counts, fmt.Sprint(n))
	}
	return strings.Join(counts, "; ")
}

func (e Exam) languagesText() string {
	var names []string
	for _, l := range e.Languages {
		names = append(names, l.Name)
	}
	return strings.Join(names, ", ")
}

// minutes gives, by subject code, the papers and working times it is written in.
func (e Exam) minutes() map[string]string {
	all := map[string]string{}
	for _, s := range e.Schemes {
		for _, p := range s.Papers {
			for _, c := range p.Components {
				what := fmt.Sprintf("%d phút", c.Minutes)
				if p.Kind == Combined {
					what += " trong bài " + p.Name
				} else if p.Kind == Elective {
					what += ", môn tự chọn"
				}
				if have := all[c.Subject.Code]; have != "" && have != what {
					what = have + "; " + what
				}
				all[c.Subject.Code] = what
			}
		}
	}
	return all
}

// FindSite gives a site of an exam by the last part of its address. fault.NotFound when there is
// none.
func (s *Service) FindSite(ctx context.Context, e Exam, slug string) (Site, error) {
	if !e.Public {
		return Site{}, fault.New(fault.NotFound, "Kỳ thi này chưa công khai.")
	}
	for _, r := range e.Rounds {
		site, err := siteBySlug(ctx, s.DB.Read(), r.ID, slug)
		if !fault.Is(err, fault.NotFound) {
			site.HeadName, site.HeadPhone = "", ""
			return site, err
		}
	}
	return Site{}, fault.New(fault.NotFound, "Không có điểm thi này trong %s.", e.FullName())
}

// RedrawNews has every public exam's page of what is new drawn again: it shows something of another
// capability's that changed.
func (s *Service) RedrawNews(ctx context.Context) error {
	years, err := s.Years(ctx)
	if err != nil {
		return err
	}
	keys := []string{KeyNews}
	for _, year := range years {
		keys = append(keys, YearKey(year, KeyNews))
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.touch(ctx, tx, keys...) })
}
