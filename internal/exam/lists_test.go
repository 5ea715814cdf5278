package exam_test

import (
	"bytes"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// table reads rows as they come from a spreadsheet's clipboard.
func table(t *testing.T, rows ...string) sheet.Table {
	t.Helper()
	tb, _, err := sheet.Read("dán.tsv", []byte(strings.Join(rows, "\n")+"\n"))
	must(t, err)
	return tb
}

func TestSitesRoomsAndCountsAreReadFromATable(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		round := e.Rounds[0].ID
		sites := table(t, "Mã điểm thi\tTên điểm thi\tHuyện\tĐiện thoại", "01\tTHPT Than Uyên\tHuyện Than Uyên\t0213 3784 000", "02\tTHPT Bình Lư\tHuyện Tam Đường\t")
		p, err := b.ReadList(office(t), round, exam.SiteList, sites, false)
		must(t, err)
		if p.Created != 2 || len(p.Refusals) != 0 {
			t.Errorf("preview %+v", p)
		}
		if list, err := b.Sites(office(t), round); err != nil || len(list) != 0 {
			t.Fatalf("a preview wrote %d sites, %v", len(list), err)
		}
		_, err = b.ReadList(office(t), round, exam.SiteList, sites, true)
		must(t, err)
		p, err = b.ReadList(office(t), round, exam.SiteList, sites, false)
		must(t, err)
		if p.Same != 2 || p.Created+p.Changed != 0 {
			t.Errorf("the same again: %+v", p)
		}

		rooms := table(t, "Mã điểm thi\tPhòng thi số\tSố thí sinh tối đa", "01\t1\t24", "01\t2\t25", "02\t1\t24", "09\t4\t")
		p, err = b.ReadList(office(t), round, exam.RoomList, rooms, false)
		must(t, err)
		wantCells(t, p.Refusals, "C3", "B4", "A5")
		if _, err = b.ReadList(office(t), round, exam.RoomList, rooms, true); !fault.Is(err, fault.Conflict) {
			t.Errorf("refused rows were accepted: %v", err)
		}
		list, err := b.Sites(office(t), round)
		must(t, err)
		if kept, err := b.Rooms(office(t), list[0].ID); err != nil || len(kept) != 0 {
			t.Errorf("a refused table left %d rooms, %v", len(kept), err)
		}

		counts := table(t, "Mã điểm thi\tBài thi\tSố đăng ký\tGDTX\tMôn thành phần 1\tMôn thành phần 2\tMôn thành phần 3\tGDTX môn thành phần 1\tGDTX môn thành phần 2\tGDTX môn thành phần 3",
			"01\tToán\t241\t20\t\t\t\t\t\t",
			"01\tKhoa học xã hội\t180\t20\t180\t180\t160\t20\t20\t",
			"02\tkhxh\t90\t0\t80\t80\t95\t\t\t",
			"02\tKhoa học tự nhiên\t10\t5\t10\t10\t10\t5\t5\t5")
		p, err = b.ReadList(office(t), round, exam.RosterList, counts, false)
		must(t, err)
		wantCells(t, p.Refusals, "C4") // 95 of a component of 90 candidates, V-10
	})
}

func wantCells(t *testing.T, refusals []sheet.Refusal, cells ...string) {
	t.Helper()
	var got []string
	for _, r := range refusals {
		got = append(got, r.Column+string(rune('0'+r.Row)))
	}
	if strings.Join(got, " ") != strings.Join(cells, " ") {
		t.Errorf("refused %v (%v), want %v", got, refusals, cells)
	}
}

func TestTheInstallationsSpreadsheetBringsSites(t *testing.T) { // issue 2, section B
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		load(t, b, 2021)
		policy, err := access.NewPolicy(b.clock, exam.Rules(), people.Rules())
		must(t, err)
		service := exam.New(exam.Deps{DB: b.DB, Policy: policy, Clock: b.clock, Publisher: b.touched})
		staff, err := people.New(people.Deps{DB: b.DB, Policy: policy, Secret: bytes.Repeat([]byte("s"), 32), Sites: service, Sheets: service.Sheets()})
		must(t, err)
		admin := as(t, people.RoleAdmin, access.Scope{Kind: access.Department})
		file := "Mã điểm thi;Tên điểm thi;Huyện, thành phố\n01;THPT Than Uyên;Huyện Than Uyên\n"
		preview, err := staff.StartImport(admin, "diem-thi.csv", []byte(file))
		must(t, err)
		if !preview.Acceptable() {
			t.Fatalf("%+v", preview)
		}
		_, err = staff.AcceptImport(admin, preview.ID)
		must(t, err)
		choices, err := service.SiteChoices(t.Context(), b.DB.Read())
		if err != nil || len(choices) != 1 || choices[0].Name != "01 THPT Than Uyên" {
			t.Errorf("choices %v, %v", choices, err)
		}
	})
}
