package reportsweb_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
	"bangvang/internal/reports/rules"
)

// inBrowser runs a part of tests/browser/council.mjs against the hall and reads what it saw.
func (h *hall) inBrowser(what map[string]any, into any) {
	h.t.Helper()
	server := httptest.NewServer(h.office)
	h.t.Cleanup(server.Close)
	for name, n := range map[string]int{"cookie": 1, "second": 2} {
		c := h.cookieOf(people.RoleCouncilSecretary, n)
		what[name] = c.Name + "=" + c.Value
	}
	request, err := json.Marshal(what)
	h.must(err)
	cmd := exec.Command("node", "council.mjs", server.URL, string(request))
	cmd.Dir = filepath.Join("..", "..", "..", "tests", "browser")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		h.t.Fatalf("council.mjs (make setup installs what it needs): %v\n%s", err, said.String())
	}
	h.must(json.Unmarshal(out.Bytes(), into))
}

// browserHall is a hall that stands on one engine: what a browser shows does not depend on it.
func browserHall(t *testing.T, n int) *hall {
	t.Helper()
	clk := clock.At(hallAt(t, "2021-07-07 07:55:00"))
	return openHall(t, dbtest.SQLite(t, clk), clk, n)
}

func TestAWallScreenShowsTwoHundredSites(t *testing.T) { // design.md, "the Council's board"; architecture §7
	t.Parallel()
	h := browserHall(t, 200)
	for i := range 150 {
		in := h.said(fmt.Sprintf("s-%d", i), i, h.sitting(0), rules.Attendance, i%4)
		if i%40 == 7 {
			in.Lines[0].Rooms, in.Reasons = "1", map[string]string{"V-07:lines." + in.Lines[0].Key + ".rooms": "Hội trường lớn, đã được duyệt"}
		}
		r := h.send(in)
		switch {
		case i%50 == 13:
			h.send(h.said(fmt.Sprintf("t-%d", i), i, h.sitting(0), rules.Attendance, i%4+1))
		case i%60 == 21:
			h.must(h.Return(h.as(people.RoleCouncilSecretary, 2, "x"), r.ID, r.Version, "Số phòng không khớp biên bản"))
		}
	}
	_, err := h.AcceptClean(h.as(people.RoleCouncilSecretary, 2, "x"), h.sitting(0), rules.Attendance)
	h.must(err)
	for i := range 6 {
		h.must(h.Seen(h.as(people.RoleSiteSecretary, 1, h.sites[150+i]), reports.Slot{Sitting: h.sitting(0), Site: h.sites[150+i], Part: rules.Attendance}, reports.DraftKept))
	}
	for i := 160; i < 190; i++ {
		h.send(h.said(fmt.Sprintf("s-%d", i), i, h.sitting(0), rules.Attendance, 1))
	}
	h.clock.Advance(16 * time.Minute) // 08:11: twenty sites are late
	var seen struct {
		Tiles, Shown, Height int
		Code, Heard          float64
		Marks                []string
		Late                 string
	}
	h.inBrowser(map[string]any{"board": map[string]any{"path": "/quan-tri/bao-cao?luot=1&tuong=1", "slot": h.slotPage(165) + "?luot=1", "shot": os.Getenv("BANGVANG_SHOT")}}, &seen)
	if seen.Tiles != 200 || seen.Shown != 200 || seen.Height > 1080 {
		t.Errorf("%d of %d tiles are on the screen, which is %d px high", seen.Shown, seen.Tiles, seen.Height)
	}
	if seen.Code < 22 {
		t.Errorf("codes are %.0f px high, too small for four metres", seen.Code)
	}
	if len(seen.Marks) < 6 || seen.Late == "" {
		t.Errorf("the states are told apart by %q; the first of the late ones is %q", seen.Marks, seen.Late)
	}
	if seen.Heard > 1000 {
		t.Errorf("the wall showed an accepted report after %.0f ms", seen.Heard)
	}
	t.Logf("%d tiles, codes of %.0f px; an accepted report was seen after %.0f ms", seen.Shown, seen.Code, seen.Heard)
}

func TestTheCallSheetOfThirtySitesPrintsOnOnePage(t *testing.T) { // issue 3, D
	t.Parallel()
	h := browserHall(t, 30)
	for i, site := range h.sites {
		h.must(h.SetContact(h.as(people.RoleExamOffice, 1, "x"), site, reports.Contact{DeputyName: fmt.Sprintf("Hoàng Thị Phương Thảo %d", i), DeputyPhone: "0912 345 678", GuardName: "Nguyễn Văn Trường", GuardPhone: "0987 654 321"}))
		h.must(h.Seen(h.as(people.RoleSiteSecretary, 1, site), reports.Slot{Sitting: h.sitting(0), Site: site, Part: rules.Attendance}, reports.DraftKept))
	}
	h.rename(t, "Điểm thi Trường THPT Dân tộc nội trú huyện số ")
	h.clock.Advance(6 * time.Minute)
	sheet, err := h.CallSheet(h.as(people.RoleCouncilSecretary, 1, "x"), h.sitting(0), rules.Attendance)
	h.must(err)
	file, err := reportsweb.DrawSheet(sheet)
	h.must(err)
	var seen struct{ Page, File, Pressed int }
	h.inBrowser(map[string]any{"sheet": map[string]any{"path": "/quan-tri/bao-cao/goi?luot=1", "file": string(file), "shot": os.Getenv("BANGVANG_SHOT_SHEET")}}, &seen)
	if seen.Page != 1 || seen.File != 1 || seen.Pressed != 0 {
		t.Errorf("thirty sites print on %d pages, the file on %d; %d buttons are printed", seen.Page, seen.File, seen.Pressed)
	}
}

// rename gives the sites long names.
func (h *hall) rename(t *testing.T, name string) {
	t.Helper()
	system := h.as(people.RoleExamOffice, 1, "x")
	for i, id := range h.sites {
		s, err := h.Exams.Site(system, id)
		h.must(err)
		_, err = h.Exams.SaveSite(system, s.Round, id, s.Version, exam.SiteInput{Code: s.Code, Name: fmt.Sprint(name, i+1), LocalityName: s.LocalityName, HeadName: "Nguyễn Thị Hồng Nhung", HeadPhone: s.HeadPhone, Phone: s.Phone})
		h.must(err)
	}
}
