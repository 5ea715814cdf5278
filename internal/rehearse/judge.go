package rehearse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/text"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A Verdict is what came of a check.
type Verdict string

// The verdicts. What did not happen in this rehearsal is not judged and not passed either.
const (
	Passed Verdict = "Đạt"
	Failed Verdict = "Không đạt"
	Unseen Verdict = "Không xét"
)

// A Check is one line of the sheet.
type Check struct {
	Name     string  `json:"name"`
	Measured string  `json:"measured"`
	Verdict  Verdict `json:"verdict"`
	// Faults are the first things that were not as they must be; how many more there were is said in
	// Measured.
	Faults []string `json:"faults,omitempty"`
}

// most is how many faults of a check stand on the sheet.
const most = 8

// acknowledge is how soon nineteen of twenty reports must be answered (architecture.md §7).
const acknowledge = 300 * time.Millisecond

// judge compares what the copy says with what the simulation knows, and makes the sheet.
func (p *player) judge(ctx context.Context, interrupted bool) (Sheet, error) {
	s := p.sheet(interrupted)
	for _, c := range []struct {
		name string
		// whole: it says something about a whole rehearsal only
		whole bool
		check func(context.Context, *finding) error
	}{
		{"Chạy trọn các buổi thi", true, p.ranThrough},
		{"Bản gốc không bị ghi", false, p.originalUntouched},
		{"Bản sao không có người thật, không có đường gửi ra ngoài", false, p.copyIsBare},
		{"Mọi báo cáo phải có đều đến, hoặc được nêu tên là thiếu", true, p.allThere},
		{"Tổng số từng buổi, từng môn bằng số thật", true, p.totalsTrue},
		{"Không báo cáo nào mất, không báo cáo nào thành hai", false, p.noneLost},
		{"Gửi lại thì nhận lại đúng biên nhận cũ", true, p.samePaper},
		{"Điểm trễ, điểm im lặng có trên danh sách gọi đúng lúc", true, p.onCallSheets},
		{"Mỗi lời nhắc đúng một lần, nêu đúng điểm", true, p.timersOnce},
		{"Mâu thuẫn mở đúng nơi hai máy báo khác nhau", true, p.conflictsRight},
		{"Điểm không tổ chức được kể riêng, không tính là 0", true, p.notHeldCounted},
		{"Số cộng sai bị từ chối tại chỗ", true, p.refusedRightly},
		{"Báo cáo sai bị trả lại, báo lại thì được nhận", true, p.returnedRightly},
		{"Đọc qua điện thoại: đọc lại, người khác tiếp nhận, không thành hai", true, p.dictatedRightly},
		{"Bản tạm thời nêu đủ điểm thiếu; bản sau nối bản trước", true, p.versionsRight},
		{"Đính chính sau khi duyệt thành bản mới, bản cũ còn nguyên", true, p.correctedRightly},
		{"Việc không được phép đều bị từ chối", true, p.withstoodAll},
		{"Việc được phép đều làm được", true, p.noMistakes},
		{"Biên nhận về nhanh", true, p.quick},
		{"Việc nền chạy hết, không lỗi", true, p.backgroundDone},
		{"Chuỗi nhật ký của bản sao nguyên vẹn", false, p.logWhole},
	} {
		f := &finding{}
		if interrupted && c.whole && c.name != "Chạy trọn các buổi thi" {
			s.Checks = append(s.Checks, Check{Name: c.name, Verdict: Unseen, Measured: "dừng giữa chừng"})
			continue
		}
		if err := c.check(ctx, f); err != nil {
			f.wrong("không kiểm được: %v", err)
		}
		s.Checks = append(s.Checks, f.check(c.name))
	}
	s.Digest = p.digest()
	err := p.table(ctx, &s)
	return s, err
}

// A finding is what a check finds.
type finding struct {
	measured string
	faults   []string
	nothing  bool // there was nothing to judge
}

func (f *finding) say(format string, args ...any) { f.measured = fmt.Sprintf(format, args...) }

func (f *finding) wrong(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

func (f *finding) check(name string) Check {
	c := Check{Name: name, Measured: f.measured, Verdict: Passed, Faults: f.faults}
	switch {
	case len(f.faults) > 0:
		c.Verdict = Failed
		if len(f.faults) > most {
			c.Faults = append(slices.Clone(f.faults[:most]), fmt.Sprintf("và %d chỗ nữa", len(f.faults)-most))
		}
	case f.nothing:
		c.Verdict = Unseen
	}
	return c
}

// seen leaves a check unjudged when its case never came up.
func (f *finding) seen(n int) { f.nothing = n == 0 }

// reader reads the copy as the Council's secretary.
func (p *player) reader(ctx context.Context) context.Context { return p.secretaries[1].in(ctx) }

func (p *player) ranThrough(_ context.Context, f *finding) error {
	f.say("%d buổi thi, %d điểm thi, %s việc", len(p.sittings), len(p.sites), text.FormatNumber(int64(p.done)))
	if n := p.queue.Len(); n > 0 {
		f.wrong("còn %d việc chưa làm khi bị dừng lúc %s (giờ diễn tập)", n, clock.Local(p.clock.Now()).Format("15:04 02/01/2006"))
	}
	return nil
}

func (p *player) originalUntouched(ctx context.Context, f *finding) error {
	ok, said, err := p.from.untouched(ctx)
	f.say("%s", said)
	if !ok {
		f.wrong("bản gốc đã thay đổi trong lúc diễn tập mà không ai đang dùng nó")
	}
	return err
}

// copyIsBare looks at the copy's accounts and settings: nobody but the simulated people, nothing that
// leads out.
func (p *player) copyIsBare(ctx context.Context, f *finding) error {
	ctx = program(ctx)
	accounts := 0
	for q := (people.AccountQuery{}); ; {
		page, err := p.app.People.Accounts(ctx, q)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, a := range page {
			accounts++
			if !strings.HasSuffix(a.Name, "("+mark+")") || a.Email != "" || a.Phone != "" {
				f.wrong("có tài khoản không phải của buổi diễn tập: %s", a.Username)
			}
		}
		q.After = string(page[len(page)-1].ID)
	}
	sites, err := p.app.Exam.Sites(ctx, p.round.ID)
	if err != nil {
		return err
	}
	for _, s := range sites {
		if s.HeadName != "" || s.HeadPhone != "" || s.Phone != "" {
			f.wrong("điểm thi %s còn tên hoặc số điện thoại", s.Code)
		}
	}
	if c := p.app.Config; !strings.HasPrefix(c.Addr, "127.0.0.1:") || c.OfficeAddr != "" || strings.Contains(c.Files, "://") || c.SMTP != "" || p.app.Ministry.ByMail() {
		f.wrong("bản sao mở ra ngoài máy này")
	}
	f.say("%d tài khoản, đều giả định; 0 tên, 0 số điện thoại của điểm thi; không có máy chủ thư; chỉ mở ở địa chỉ nội bộ 127.0.0.1", accounts)
	return nil
}

// allThere asks that in the end every report that was due is in the totals, and nothing is missing.
func (p *player) allThere(ctx context.Context, f *finding) error {
	due, there, named := 0, 0, 0
	for _, s := range p.sittings {
		b, err := p.app.Reports.Board(p.reader(ctx), s.ID)
		if err != nil {
			return err
		}
		for _, part := range parts {
			figures := b.Part(part).Figures
			due += len(s.dueActs())
			there += figures.Accepted
			if figures.Expected != len(s.dueActs()) {
				f.wrong("%s phần %d: hệ thống đợi %d điểm, phải đợi %d", s.Title(), part, figures.Expected, len(s.dueActs()))
			}
			missing := codes(figures.Missing)
			for _, a := range s.dueActs() {
				_, ok := p.accepted[a.slot(part)]
				listed := slices.Contains(missing, a.Code)
				switch {
				case !ok && listed:
					named++
					f.wrong("%s phần %d: điểm thi %s không có báo cáo nào được tiếp nhận", s.Title(), part, a.Code)
				case !ok:
					f.wrong("%s phần %d: điểm thi %s không báo cáo mà không được nêu là thiếu", s.Title(), part, a.Code)
				case listed:
					f.wrong("%s phần %d: điểm thi %s đã báo cáo mà vẫn bị kể là thiếu", s.Title(), part, a.Code)
				}
			}
		}
	}
	f.say("%d/%d báo cáo có trong tổng số, %d được nêu là thiếu", there, due, named)
	return nil
}

// totalsTrue compares the sums of each line with what really was at the sites.
func (p *player) totalsTrue(ctx context.Context, f *finding) error {
	compared := 0
	for _, s := range p.sittings {
		for _, part := range parts {
			var truth []rules.Report
			for _, a := range s.dueActs() {
				truth = append(truth, a.report(part))
			}
			figures, err := p.app.Reports.Figures(p.reader(ctx), s.ID, part)
			if err != nil {
				return err
			}
			compared += p.differ(f, fmt.Sprintf("%s phần %d", s.Title(), part), figures, sumUp(truth))
		}
	}
	f.say("%d tổng của %d buổi thi so từng số: đăng ký, có mặt, vắng theo lý do, phòng thi, vi phạm", compared, len(p.sittings))
	return nil
}

// differ compares figures with what must be in them, and gives how many lines it compared.
func (p *player) differ(f *finding, where string, figures reports.Figures, want map[string]sum) int {
	got := sumsOf(figures)
	for _, l := range p.exam.SittingLines(figures.Sitting) {
		key := l.String()
		a, b := got[key], want[key]
		delete(got, key)
		if a == b {
			continue
		}
		f.wrong("%s, %s: hệ thống có mặt %d/%d, vắng %d (%s); thật có mặt %d/%d, vắng %d (%s)", where, l.Name(), a.present, a.registered, a.absent, a.why, b.present, b.registered, b.absent, b.why)
	}
	if len(got) > 0 {
		f.wrong("%s: có %d môn không thuộc buổi thi", where, len(got))
	}
	return len(want)
}

// noneLost looks for each report that was sent among what was kept of its slot, and for others there.
func (p *player) noneLost(ctx context.Context, f *finding) error {
	bySlot := map[reports.Slot][]*sending{}
	var order []reports.Slot
	for _, s := range p.sent {
		if bySlot[s.slot] == nil {
			order = append(order, s.slot)
		}
		bySlot[s.slot] = append(bySlot[s.slot], s)
	}
	kept := 0
	for _, slot := range order {
		all, err := p.app.Reports.Slot(p.reader(ctx), slot)
		if err != nil {
			return err
		}
		kept += len(all)
		for _, s := range bySlot[slot] {
			n := 0
			for _, r := range all {
				if r.Said.ID == s.said.ID && r.Said.Content() == s.said.Content() && r.Receipt == s.receipt {
					n++
				}
			}
			if n != 1 {
				f.wrong("điểm thi %s phần %d, biên nhận %s: có %d bản trong máy", s.site, slot.Part, s.receipt, n)
				continue
			}
			if proof, err := p.app.Reports.Prove(p.reader(ctx), s.receipt); err != nil || !proof.Whole {
				f.wrong("điểm thi %s phần %d: biên nhận %s không chứng được nội dung đã gửi", s.site, slot.Part, s.receipt)
			}
		}
		if len(all) != len(bySlot[slot]) {
			f.wrong("điểm thi %s phần %d: gửi %d bản, trong máy có %d", bySlot[slot][0].site, slot.Part, len(bySlot[slot]), len(all))
		}
	}
	f.say("gửi %d bản, trong máy có %d, biên nhận nào cũng tra ra đúng nội dung", len(p.sent), kept)
	return nil
}

func (p *player) samePaper(_ context.Context, f *finding) error {
	f.say("%d/%d lần gửi lại nhận đúng biên nhận cũ", p.sameReceipt, p.repeated)
	f.seen(p.repeated)
	if p.sameReceipt != p.repeated {
		f.wrong("%d lần gửi lại nhận biên nhận khác", p.repeated-p.sameReceipt)
	}
	return nil
}

func (p *player) onCallSheets(_ context.Context, f *finding) error {
	f.say("%d danh sách gọi, %d lượt điểm chậm có tên lúc hết hạn; %d báo cáo đến sau hạn", p.sheets, len(p.listed), len(p.lateFirst))
	f.faults = slices.Clone(p.sheetsBad)
	for slot := range p.lateFirst {
		if !p.listed[slot] {
			f.wrong("%s phần %d: điểm thi %s báo muộn mà không có trên danh sách gọi lúc hết hạn", p.title(string(slot.Sitting)), slot.Part, p.acts[slot].Code)
		}
	}
	slices.Sort(f.faults)
	return nil
}

// timersOnce compares what the clock announced with who was silent then.
func (p *player) timersOnce(ctx context.Context, f *finding) error {
	if err := p.app.Reports.FireTimers(ctx); err != nil { // once more: nothing may come of it
		return err
	}
	said, err := reports.SitesSilent.Past(ctx, p.app.DB.Read(), p.began)
	if err != nil {
		return err
	}
	code := map[string]string{}
	for _, s := range p.sites {
		code[string(s.ID)] = s.Code
	}
	name := func(sitting, part, kind any) string { return fmt.Sprint(sitting, " ", part, " ", kind) }
	got := map[string][]string{}
	for _, fact := range said {
		var sites []string
		for _, id := range fact.Sites {
			sites = append(sites, code[string(id)])
		}
		slices.Sort(sites)
		key := name(fact.Sitting, fact.Part, fact.Kind)
		if _, twice := got[key]; twice {
			f.wrong("nhắc hai lần: %s phần %d, %s", p.title(string(fact.Sitting)), fact.Part, fact.Kind)
		}
		got[key] = sites
	}
	for _, s := range p.silence {
		key := name(s.sitting, s.part, s.kind)
		if !slices.Equal(got[key], s.sites) {
			f.wrong("%s phần %d, %s: nêu %s, phải nêu %s", p.title(string(s.sitting)), s.part, s.kind, orNone(got[key]), orNone(s.sites))
		}
		delete(got, key)
	}
	if len(got) > 0 {
		f.wrong("%d lời nhắc khi không điểm nào im lặng", len(got))
	}
	lag, err := reports.ProvinceDue.Past(ctx, p.app.DB.Read(), p.began)
	if err != nil {
		return err
	}
	lagging := map[string]int{}
	for _, fact := range lag {
		lagging[string(fact.Sitting)]++
	}
	for _, s := range p.sittings {
		if want := map[bool]int{true: 1}[p.lagging[s.ID]]; lagging[string(s.ID)] != want {
			f.wrong("%s: báo chậm bản tổng hợp %d lần, phải %d", s.Title(), lagging[string(s.ID)], want)
		}
	}
	f.say("%d lời nhắc về điểm im lặng, %d lần bản tổng hợp chưa duyệt khi đến hạn; không lời nào lặp", len(said), len(lag))
	return nil
}

func (p *player) title(sitting string) string {
	for _, s := range p.sittings {
		if string(s.ID) == sitting {
			return s.Title()
		}
	}
	return sitting
}

func (p *player) conflictsRight(ctx context.Context, f *finding) error {
	opened, err := reports.ConflictOpened.Past(ctx, p.app.DB.Read(), p.began)
	if err != nil {
		return err
	}
	at := map[reports.Slot]int{}
	for _, c := range opened {
		slot := reports.Slot{Sitting: c.Sitting, Site: c.Site, Part: c.Part}
		at[slot]++
		if !p.conflicts[slot] {
			f.wrong("%s: mở mâu thuẫn ở nơi không có hai báo cáo khác nhau", p.title(string(c.Sitting)))
		}
	}
	for slot := range p.conflicts {
		if at[slot] != 1 {
			f.wrong("%s, phần %d: hai máy báo khác nhau mà mở %d mâu thuẫn", p.title(string(slot.Sitting)), slot.Part, at[slot])
		}
	}
	for _, s := range p.sittings {
		left, err := p.app.Reports.Conflicts(p.reader(ctx), s.ID)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			f.wrong("%s: còn %d mâu thuẫn chưa quyết định", s.Title(), len(left))
		}
	}
	f.say("%d mâu thuẫn mở, %d nơi hai máy báo khác nhau, còn 0 nơi chờ", len(opened), len(p.conflicts))
	f.seen(len(p.conflicts) + len(opened))
	return nil
}

// notHeldCounted asks that a site without a sitting is named as such, adds nothing to the lines and is
// not missing, and that a site that was closed before is not waited for.
func (p *player) notHeldCounted(ctx context.Context, f *finding) error {
	floods, halts := 0, 0
	for _, s := range p.sittings {
		var want []string
		held := int64(0)
		for _, a := range s.acts {
			switch {
			case a.kind == halted:
				halts++
			case a.notHeld != "":
				want = append(want, a.Code)
			default:
				held++
			}
		}
		slices.Sort(want)
		floods += len(want)
		for _, part := range parts {
			figures, err := p.app.Reports.Figures(p.reader(ctx), s.ID, part)
			if err != nil {
				return err
			}
			if got := codes(figures.NotHeld); !slices.Equal(got, want) {
				f.wrong("%s phần %d: không tổ chức ghi %s, phải là %s", s.Title(), part, orNone(got), orNone(want))
			}
			for _, l := range figures.Lines {
				if l.Sites > held {
					f.wrong("%s phần %d, %s: %d điểm có số liệu, chỉ %d điểm tổ chức thi", s.Title(), part, l.Name, l.Sites, held)
				}
			}
			for _, a := range s.acts {
				if a.kind == halted && slices.Contains(codes(figures.Missing), a.Code) {
					f.wrong("%s phần %d: điểm thi %s đã dừng mà vẫn bị kể là thiếu", s.Title(), part, a.Code)
				}
			}
		}
	}
	f.say("%d lượt điểm không tổ chức, %d điểm dừng trước buổi thi: kể riêng, không thêm số nào", floods, halts)
	f.seen(floods + halts)
	return nil
}

func (p *player) refusedRightly(_ context.Context, f *finding) error {
	f.say("%d/%d báo cáo cộng sai bị từ chối, chỉ đúng ô sai", p.refusedRight, p.refusals)
	f.seen(p.refusals)
	if p.refusedRight != p.refusals {
		f.wrong("%d báo cáo cộng sai không bị từ chối đúng cách", p.refusals-p.refusedRight)
	}
	return nil
}

func (p *player) returnedRightly(ctx context.Context, f *finding) error {
	n := 0
	for _, s := range p.sittings {
		for _, a := range s.acts {
			if a.kind != returned {
				continue
			}
			n++
			all, err := p.app.Reports.Slot(p.reader(ctx), a.slot(a.part))
			if err != nil {
				return err
			}
			if len(all) != 2 || all[0].State != reports.StateReplaced || all[0].Note == "" || all[1].State != reports.StateAccepted {
				f.wrong("%s, điểm thi %s: bản bị trả lại hoặc bản báo lại không ở đúng bước", s.Title(), a.Code)
			}
		}
	}
	f.say("%d/%d báo cáo bị trả lại kèm lý do, bản báo lại được tiếp nhận", p.returns, n)
	f.seen(n)
	if p.returns != n {
		f.wrong("%d báo cáo sai không được trả lại", n-p.returns)
	}
	return nil
}

func (p *player) dictatedRightly(ctx context.Context, f *finding) error {
	calls, echoes := 0, 0
	for _, s := range p.sittings {
		for _, a := range s.acts {
			if a.kind != dictated {
				continue
			}
			for _, part := range parts {
				calls++
				all, err := p.app.Reports.Slot(p.reader(ctx), a.slot(part))
				if err != nil {
					return err
				}
				if len(all) == 0 || all[0].Channel != reports.Phone || !all[0].ReadBack || all[0].AcceptedBy == all[0].EnteredBy || all[0].State != reports.StateAccepted {
					f.wrong("%s, điểm thi %s phần %d: bản đọc qua điện thoại không đủ dấu vết", s.Title(), a.Code, part)
				}
				if a.first && a.part == part {
					echoes++
				}
			}
		}
	}
	f.say("%d/%d bản đọc qua điện thoại; %d/%d lần điểm thi gửi lại số đã đọc được nhận ra là trùng", p.dictations, calls, p.echoes, echoes)
	f.seen(calls)
	if p.dictations != calls || p.echoes != echoes {
		f.wrong("có bản đọc qua điện thoại không vào được, hoặc bản gửi sau không được nhận ra là trùng")
	}
	return nil
}

// versionsRight compares every approved version with what was accepted when it was made, and follows the
// chain.
func (p *player) versionsRight(ctx context.Context, f *finding) error {
	approved, provisional, missing := 0, 0, 0
	for _, s := range p.sittings {
		want := p.versions[s.ID]
		if len(want) == 0 {
			f.wrong("%s: chưa có bản tổng hợp nào được duyệt", s.Title())
			continue
		}
		var before reports.Province
		for i, w := range want {
			v, err := p.app.Reports.Province(p.reader(ctx), w.id)
			if err != nil {
				return err
			}
			where := fmt.Sprintf("%s, bản số %d", s.Title(), v.Number)
			approved++
			if len(w.missing) > 0 {
				provisional, missing = provisional+1, missing+len(w.missing)
			}
			if got := codes(v.Figures.Missing); !slices.Equal(got, w.missing) {
				f.wrong("%s: nêu thiếu %s, phải nêu %s", where, orNone(got), orNone(w.missing))
			}
			p.differ(f, where, v.Figures, w.sums)
			if i > 0 && (v.Replaces != before.ID || before.ReplacedBy != v.ID || v.Number <= before.Number || before.State != reports.StateRevised) {
				f.wrong("%s không nối vào bản số %d", where, before.Number)
			}
			if v.ApprovedBy == v.CompiledBy {
				f.wrong("%s: người tổng hợp và người duyệt là một", where)
			}
			before = v
		}
		if last := want[len(want)-1]; len(last.missing) > 0 {
			f.wrong("%s: bản cuối vẫn thiếu %s", s.Title(), orNone(last.missing))
		}
	}
	f.say("%d bản được duyệt, %d bản tạm thời nêu tên %d lượt điểm thiếu; mọi bản đúng số lúc duyệt và nối nhau; trình lại %d lần vì số mới về", approved, provisional, missing, p.recompiled)
	return nil
}

func (p *player) correctedRightly(ctx context.Context, f *finding) error {
	n, announced := 0, 0
	for _, s := range p.sittings {
		for _, a := range s.acts {
			if a.kind == corrected {
				n++
			}
		}
	}
	outdated, err := reports.FiguresOutdated.Past(ctx, p.app.DB.Read(), p.began)
	if err != nil {
		return err
	}
	for _, fact := range outdated {
		if fact.Replaces != "" && len(fact.Changed) > 0 {
			announced++
		}
	}
	f.say("%d/%d đính chính; %d lần báo bản đã duyệt có số thay đổi, kèm số cũ và số mới", p.corrections, n, announced)
	f.seen(n)
	if p.corrections != n || announced < n {
		f.wrong("có đính chính không làm được, hoặc không báo cho nơi đã dùng số cũ")
	}
	return nil
}

func (p *player) withstoodAll(_ context.Context, f *finding) error {
	f.say("%d/%d lần thử bị từ chối: tự tiếp nhận số mình nhập, tự duyệt, duyệt bản thiếu như bản đủ, tiếp nhận khi còn mâu thuẫn, xem điểm khác", p.withstood, p.probes)
	f.seen(p.probes)
	if p.withstood != p.probes {
		f.wrong("%d lần thử làm được việc không được phép", p.probes-p.withstood)
	}
	return nil
}

func (p *player) noMistakes(_ context.Context, f *finding) error {
	f.say("%s việc, %d việc không được như phải được", text.FormatNumber(int64(p.done)), len(p.mistakes))
	f.faults = p.mistakes
	return nil
}

func (p *player) quick(_ context.Context, f *finding) error {
	p95 := percentile(p.door.took, 95)
	f.say("95 %% trong %d lần gửi được trả lời trong %d ms (phải ≤ %d ms), chậm nhất %d ms", len(p.door.took), p95.Milliseconds(), acknowledge.Milliseconds(), percentile(p.door.took, 100).Milliseconds())
	f.seen(len(p.door.took))
	if p95 > acknowledge {
		f.wrong("trả lời chậm quá mức")
	}
	return nil
}

func (p *player) backgroundDone(ctx context.Context, f *finding) error {
	due, running, failed, err := jobs.Counts(ctx, p.app.DB.Read(), p.clock.Millis())
	if err != nil {
		return err
	}
	f.say("còn %d việc đến giờ, %d việc hỏng, %d lỗi trong lúc chạy", due+running, failed, len(p.problems))
	f.faults = slices.Clone(p.problems)
	if due+running+failed > 0 {
		f.wrong("việc nền chưa xong hoặc hỏng")
	}
	return nil
}

func (p *player) logWhole(ctx context.Context, f *finding) error {
	lines, err := audit.Verify(ctx, p.app.DB.Read())
	f.say("%s dòng", text.FormatNumber(lines))
	if err != nil {
		f.wrong("%v", err)
	}
	return nil
}
