package readiness

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
)

// An Item is one line of a checklist.
type Item struct {
	Code     string `json:"code"` // stays when the words change
	Title    string `json:"title"`
	Help     string `json:"help,omitempty"`
	Critical bool   `json:"critical,omitempty"` // not met, it stands in the way of "ready"
	Evidence bool   `json:"evidence,omitempty"` // met needs words or a file that show it
}

// A Template is the checklist of a kind of unit.
type Template struct {
	Kind    string
	Items   []Item
	Version int // 0: the shipped one
}

// shipped are the checklists of domain.md 6.6, for an exam that has none of its own.
var shipped = map[string][]Item{
	KindSite: {
		{"rooms", "Phòng thi, bàn ghế, phòng chờ", "Đủ phòng theo số thí sinh, mỗi phòng nhiều nhất 24 em; có phòng dự phòng.", true, true},
		{"papers", "Nơi bảo quản đề thi, bài thi", "Camera giám sát 24/24 giờ; tủ, khóa, niêm phong; người trực.", true, true},
		{"police", "Công an trực bảo vệ", "Phân công trực nơi bảo quản và khu vực thi.", true, true},
		{"landline", "Điện thoại cố định có loa ngoài", "Gọi thử tới Hội đồng thi.", true, true},
		{"computer", "Máy tính trực báo cáo", "Gửi thử được báo cáo; chỉ nối mạng khi gửi.", false, false},
		{"power", "Nguồn điện dự phòng", "Máy phát hoặc bộ lưu điện, đã chạy thử.", false, true},
		{"health", "Cán bộ y tế, phương án phòng, chống dịch", "Phòng y tế, thuốc, phòng thi dự phòng cho thí sinh có dấu hiệu bệnh.", true, true},
		{"staff", "Danh sách cán bộ coi thi; tập huấn quy chế", "Đủ người, đã tập huấn.", true, true},
		{"support", "Đưa đón, chỗ ở, hỗ trợ thí sinh khó khăn, ở xa", "Ghi số em và biện pháp, không ghi tên.", false, true},
		{"weather", "Phương án khi mưa lũ, sạt lở, giao thông chia cắt", "", true, true},
		{"hotline", "Đã nhận và niêm yết thông báo đường dây nóng", "", true, false},
	},
	"school": {
		{"rules", "Phổ biến quy chế thi cho học sinh, phụ huynh", "Ngày, hình thức, số người dự.", true, true},
		{"training", "Tập huấn cho cán bộ, giáo viên làm thi", "Ngày, số người dự trên số phải dự.", true, true},
		{"files", "Hồ sơ đăng ký dự thi đã rà soát", "", true, false},
		{"revision", "Tổ chức ôn tập", "", false, false},
		{"support", "Hỗ trợ học sinh khó khăn, ở xa điểm thi", "Ghi số em và biện pháp: chỗ ở, đưa đón, bữa ăn; không ghi tên.", true, true},
		{"health", "Sức khỏe học sinh, phòng, chống dịch", "", false, true},
		{"weather", "Phương án đưa học sinh đến điểm thi khi mưa lũ, sạt lở", "", true, true},
		{"premises", "Bàn giao cơ sở vật chất cho Điểm thi", "Chọn “không áp dụng” nếu trường không đặt Điểm thi.", false, true},
	},
	"centre": {
		{"rules", "Phổ biến quy chế thi cho học viên", "Ngày, hình thức, số người dự.", true, true},
		{"training", "Tập huấn cho cán bộ, giáo viên làm thi", "Ngày, số người dự trên số phải dự.", true, true},
		{"files", "Hồ sơ đăng ký dự thi đã rà soát", "", true, false},
		{"support", "Hỗ trợ học viên khó khăn, ở xa điểm thi", "Ghi số người và biện pháp; không ghi tên.", true, true},
		{"weather", "Phương án đưa học viên đến điểm thi khi mưa lũ, sạt lở", "", true, true},
	},
}

// Kinds gives the kinds that may have a checklist: sites, and the kinds of units that report.
func Kinds() []string { return []string{KindSite, "school", "centre"} }

// KindName gives a kind's Vietnamese words.
func (s *Service) KindName(ctx context.Context, kind string) (string, error) {
	if kind == KindSite {
		return "Điểm thi", nil
	}
	return s.Units.KindName(ctx, kind)
}

var codeForm = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)

// mostItems a checklist has: more is not read on a phone.
const mostItems = 40

// TemplateOf gives the checklist of a kind, the shipped one while the exam has none of its own.
func (s *Service) TemplateOf(ctx context.Context, e exam.ID, kind string) (Template, error) {
	if !slices.Contains(Kinds(), kind) {
		return Template{}, &fault.Error{Kind: fault.NotFound}
	}
	if err := s.Policy.Check(ctx, ActRead, everywhere); err != nil {
		return Template{}, err
	}
	return readTemplate(ctx, s.DB.Read(), e, kind)
}

// SetTemplate replaces the checklist of a kind; t.Version is the one read. Points that are open keep
// the checklist they were opened with. An item without a code gets one.
//
// It returns fault.Invalid with fields "items.0.title", "items.0.code" …; fault.Conflict after another
// change.
func (s *Service) SetTemplate(ctx context.Context, e exam.ID, t Template) error {
	ctx, err := s.Policy.Enter(ctx, ActTemplate, everywhere)
	if err != nil {
		return err
	}
	if !slices.Contains(Kinds(), t.Kind) {
		return &fault.Error{Kind: fault.NotFound}
	}
	x, err := s.Exams.Exam(program(ctx), e)
	if err != nil {
		return err
	}
	items, err := cleanItems(t.Items)
	if err != nil {
		return err
	}
	name, err := s.KindName(ctx, t.Kind)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := saveTemplate(ctx, tx, e, Template{t.Kind, items, t.Version}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "readiness.template", Kind: "readiness.template", ID: string(e) + "/" + t.Kind, Label: name + ", " + x.FullName(),
			Data: map[string]string{"items": strconv.Itoa(len(items))}})
	})
}

func cleanItems(in []Item) ([]Item, error) {
	var w wrong
	items := slices.Clone(in)
	seen := map[string]bool{}
	for i := range items {
		field := fmt.Sprintf("items.%d.", i)
		items[i].Title = w.words(field+"title", items[i].Title, "Hãy ghi nội dung kiểm tra, nhiều nhất 160 ký tự.", 160, true)
		items[i].Help = w.words(field+"help", items[i].Help, "Lời hướng dẫn dài nhất 500 ký tự.", 500, false)
		if items[i].Code == "" {
			items[i].Code = "m" + db.NewID()
		}
		if !codeForm.MatchString(items[i].Code) || seen[items[i].Code] {
			w.say(field+"code", "Mã mục chỉ gồm chữ thường không dấu, số, gạch dưới và không được trùng.")
		}
		seen[items[i].Code] = true
	}
	if len(items) == 0 || len(items) > mostItems {
		w.say("items", fmt.Sprintf("Danh mục cần từ 1 đến %d mục.", mostItems))
	}
	return items, fault.Fields(w...)
}

// A Call is a dated point at which units report (đợt báo cáo chuẩn bị). Its checklists never change.
type Call struct {
	ID         CallID
	Exam       exam.ID
	Round      exam.RoundID
	Title      string
	Note       string
	DueAt      int64 // ms UTC
	Checklists map[string][]Item
	OpenedName string
	OpenedAt   int64
	ClosedAt   int64 // 0 while units may report
	Version    int
}

// Kinds gives the kinds that report, in the order they are offered.
func (c Call) Kinds() []string {
	return slices.DeleteFunc(Kinds(), func(k string) bool { return len(c.Checklists[k]) == 0 })
}

// Item finds an item of a kind's checklist.
func (c Call) Item(kind, code string) (Item, bool) {
	items := c.Checklists[kind]
	i := slices.IndexFunc(items, func(x Item) bool { return x.Code == code })
	if i < 0 {
		return Item{}, false
	}
	return items[i], true
}

// A CallInput is what is typed of a point.
type CallInput struct {
	Title, Note string
	Day, Clock  string   // by when: "2021-07-01", "17:00"
	Kinds       []string // who reports
}

func (in CallInput) check(now int64) (dueAt int64, err error) {
	var w wrong
	w.words("title", in.Title, "Hãy ghi tên đợt, ví dụ “Báo cáo chuẩn bị lần 1”, nhiều nhất 120 ký tự.", 120, true)
	w.words("note", in.Note, "Lời dặn dài nhất 1.000 ký tự.", 1000, false)
	dueAt, ok := exam.ClockAt(in.Day, in.Clock)
	switch {
	case in.Day == "":
		w.say("day", "Hãy ghi ngày phải báo cáo.")
	case !ok:
		w.say("clock", "Hãy ghi giờ dạng 17:00.")
	case dueAt <= now:
		w.say("day", "Hạn báo cáo phải ở phía trước.")
	}
	return dueAt, fault.Fields(w...)
}

// OpenCall opens a point: from now on units of the kinds owe a report.
//
// It returns fault.Invalid with fields "title", "note", "day", "clock", "kinds".
func (s *Service) OpenCall(ctx context.Context, e exam.ID, in CallInput) (CallID, error) {
	ctx, err := s.Policy.Enter(ctx, ActTemplate, everywhere)
	if err != nil {
		return "", err
	}
	x, err := s.Exams.Exam(program(ctx), e)
	if err != nil {
		return "", err
	}
	dueAt, err := in.check(s.Clock.Millis())
	if err != nil {
		return "", err
	}
	c := Call{ID: CallID(db.NewID()), Exam: e, Title: text.CleanLines(in.Title), Note: text.CleanLines(in.Note), DueAt: dueAt, Checklists: map[string][]Item{}}
	for _, r := range x.Rounds { // the sites of the round that comes
		if _, until := r.Span(); until > s.Clock.Millis() || c.Round == "" {
			c.Round = r.ID
			if until > s.Clock.Millis() {
				break
			}
		}
	}
	for _, kind := range in.Kinds {
		if !slices.Contains(Kinds(), kind) {
			continue
		}
		t, err := readTemplate(ctx, s.DB.Read(), e, kind)
		if err != nil {
			return "", err
		}
		c.Checklists[kind] = t.Items
	}
	if len(c.Checklists) == 0 {
		return "", fault.Fields(fault.Field{Name: "kinds", Message: "Hãy chọn ít nhất một loại đơn vị phải báo cáo."})
	}
	actor := access.From(ctx)
	c.OpenedName = actor.Name
	return c.ID, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertCall(ctx, tx, c, actor.Person); err != nil {
			return err
		}
		if err := CallOpened.Emit(ctx, tx, CallFact{c.ID, e}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "readiness.call.open", Kind: "readiness.call", ID: string(c.ID), Label: c.Title, Data: map[string]string{"due": clock.Day(clock.FromMillis(dueAt))}})
	})
}

// SetCall changes a point's words and deadline while it is open; who reports and on what stays.
//
// It returns what OpenCall does, and fault.Conflict.
func (s *Service) SetCall(ctx context.Context, id CallID, version int, in CallInput) error {
	return s.changeCall(ctx, id, version, "readiness.call.change", func(ctx context.Context, tx *db.Tx, c Call) error {
		dueAt, err := in.check(tx.Now())
		if err != nil {
			return err
		}
		return db.Exec1(ctx, tx, "UPDATE readiness_call SET title = $3, note = $4, due_at = $5, version = version + 1 WHERE id = $1 AND version = $2",
			string(id), version, text.CleanLines(in.Title), text.CleanLines(in.Note), dueAt)
	})
}

// CloseCall ends a point: nobody may report on it any more. What was reported stays.
func (s *Service) CloseCall(ctx context.Context, id CallID, version int) error {
	return s.changeCall(ctx, id, version, "readiness.call.close", func(ctx context.Context, tx *db.Tx, _ Call) error {
		return db.Exec1(ctx, tx, "UPDATE readiness_call SET closed_at = $3, version = version + 1 WHERE id = $1 AND version = $2", string(id), version, tx.Now())
	})
}

func (s *Service) changeCall(ctx context.Context, id CallID, version int, act string, do func(context.Context, *db.Tx, Call) error) error {
	ctx, err := s.Policy.Enter(ctx, ActTemplate, everywhere)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := readCall(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.ClosedAt != 0 {
			return fault.New(fault.Conflict, "Đợt báo cáo này đã đóng.")
		}
		if err := do(ctx, tx, c); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: act, Kind: "readiness.call", ID: string(id), Label: c.Title})
	})
}

// Calls gives the points of an exam, the newest first.
func (s *Service) Calls(ctx context.Context, e exam.ID) ([]Call, error) {
	if !s.Policy.Anywhere(ctx, ActRead) {
		if err := s.Policy.Check(ctx, ActRollUp, everywhere); err != nil {
			return nil, err
		}
	}
	return readCalls(ctx, s.DB.Read(), e)
}

// Call gives one point.
func (s *Service) Call(ctx context.Context, id CallID) (Call, error) {
	if !s.Policy.Anywhere(ctx, ActRead) {
		if err := s.Policy.Check(ctx, ActRollUp, everywhere); err != nil {
			return Call{}, err
		}
	}
	return readCall(ctx, s.DB.Read(), id)
}
