package privacy_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/privacy"
)

const thisYear = 2026

func list(n int, line func(i int) string) string {
	var lines []string
	for i := range n {
		lines = append(lines, line(i))
	}
	return strings.Join(lines, "\n")
}

func rows(header string, n int, line func(i int) string) []privacy.Table {
	t := privacy.Table{Rows: [][]string{{"SỞ GIÁO DỤC VÀ ĐÀO TẠO"}, strings.Split(header, "|")}}
	for i := range n {
		t.Rows = append(t.Rows, strings.Split(line(i), "|"))
	}
	return []privacy.Table{t}
}

var people = []string{"Vàng A Páo", "Lò Thị Hoa", "Nguyễn Văn An", "TẨN MẨY LIỀU", "Giàng Thị Dở", "Trần Quốc Bảo"}

func person(i int) string { return people[i%len(people)] }

func TestListsOfPersonsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		tables []privacy.Table
		want   []privacy.Kind
		where  string
		count  int
	}{
		"a citizen's number that is called so":     {text: "Ông có số CCCD: 012203001234 cấp ngày 01/01/2021.", want: []privacy.Kind{privacy.CitizenID}, where: "trong văn bản", count: 1},
		"citizens' numbers without a word":         {text: "012203001234\n012303004321", want: []privacy.Kind{privacy.CitizenID}, count: 2},
		"citizens' numbers, one of them called so": {text: "CCCD 012203001234\n012303004321", want: []privacy.Kind{privacy.CitizenID}, count: 2},
		"the same numbers in two tables": {tables: append(rows("Họ tên|Số CCCD", 1, func(int) string { return "Vàng A Páo|012203001234" }),
			rows("TT|Số định danh", 2, func(i int) string { return fmt.Sprintf("%d|01220300123%d", i, 4+i) })...), want: []privacy.Kind{privacy.CitizenID}, count: 2},
		"the same number in two rows": {tables: rows("TT|Số báo danh|Buổi", 6, func(i int) string { return fmt.Sprintf("%d|0700012%d|1", i, i%3) }), want: []privacy.Kind{privacy.Candidates}, count: 3},
		"a table with a header and one without one": {tables: append(rows("Họ và tên|Ngày sinh", 2, func(i int) string { return fmt.Sprintf("%s|%02d/02/2003", person(i), i+1) }),
			privacy.Table{Rows: [][]string{{person(0), "2003-02-01"}, {person(1), "2003-02-02"}, {person(2), "2003-02-03"}}}), want: []privacy.Kind{privacy.BirthDates}, count: 5},
		"an old identity number":               {text: "Chứng minh nhân dân số 045123456", want: []privacy.Kind{privacy.IdentityNo}, count: 1},
		"names and birth dates on lines":       {text: list(3, func(i int) string { return fmt.Sprintf("%d %s Nam %02d/02/2003", i, person(i), i+1) }), want: []privacy.Kind{privacy.BirthDates}, count: 3},
		"names and birth dates, a cell a line": {text: list(4, func(i int) string { return fmt.Sprintf("%d\n%s\n%02d-02-2003", i, person(i), i+1) }), want: []privacy.Kind{privacy.BirthDates}, count: 4},
		"born is a word":                       {text: list(3, func(i int) string { return fmt.Sprintf("Em %s, sinh ngày %02d/02/2003", person(i), i+1) }), want: []privacy.Kind{privacy.BirthDates}, count: 3},
		"candidate numbers that are called so": {text: "SBD:\n" + list(5, func(i int) string { return fmt.Sprintf("0700012%d", i) }), want: []privacy.Kind{privacy.Candidates}, count: 5},
		"candidate numbers without a word":     {text: list(12, func(i int) string { return fmt.Sprintf("070012%02d 5,25", i) }), want: []privacy.Kind{privacy.Candidates}, count: 12},
		"mobile telephone numbers":             {text: list(9, func(i int) string { return fmt.Sprintf("0912.345.6%02d", i) }), want: []privacy.Kind{privacy.Phones}, count: 9},
		"private mail addresses":               {text: list(5, func(i int) string { return fmt.Sprintf("a%d@gmail.com", i) }), want: []privacy.Kind{privacy.Emails}, count: 5},
		"a table of names and birth dates":     {tables: rows("STT|Họ và tên|Ngày, tháng, năm sinh", 3, func(i int) string { return fmt.Sprintf("%d|%s|%02d/02/2003", i, person(i), i+1) }), want: []privacy.Kind{privacy.BirthDates}, where: "bảng 1, cột “Ngày, tháng, năm sinh”", count: 3},
		"a table of names and birth years":     {tables: rows("Họ đệm|Tên|Năm sinh", 2, func(i int) string { return "Vàng A|Páo|2003" }), want: []privacy.Kind{privacy.BirthDates}, count: 2},
		"a table without a header":             {tables: []privacy.Table{{Rows: [][]string{{"1", person(0), "2003-02-01"}, {"2", person(1), "2003-02-02"}, {"3", person(2), "2003-02-03"}}}}, want: []privacy.Kind{privacy.BirthDates}, where: "bảng 1", count: 3},
		"a table of candidate numbers":         {tables: rows("TT|Số báo danh|Phòng", 3, func(i int) string { return fmt.Sprintf("%d|0700012%d|1", i, i) }), want: []privacy.Kind{privacy.Candidates}, count: 3},
		"a table of citizens' numbers":         {tables: rows("Họ tên|Số CCCD", 1, func(int) string { return "Vàng A Páo|012 203 001 234" }), want: []privacy.Kind{privacy.CitizenID}, count: 1},
		"a table of names and marks":           {tables: rows("Họ và tên|Toán|Ngữ văn", 2, func(i int) string { return person(i) + "|7,25|8" }), want: []privacy.Kind{privacy.Results}, count: 2},
		"a table of names and peoples":         {tables: rows("Họ và tên|Dân tộc", 2, func(i int) string { return person(i) + "|Mông" }), want: []privacy.Kind{privacy.Sensitive}, count: 2},
		"a table of names and homes":           {tables: rows("Họ và tên|Nơi thường trú", 3, func(i int) string { return person(i) + "|Bản Hon, Tam Đường" }), want: []privacy.Kind{privacy.Addresses}, count: 3},
		"a table of mobile numbers":            {tables: rows("Họ và tên|Số điện thoại", 5, func(i int) string { return fmt.Sprintf("%s|+84 912 345 67%d", person(i), i) }), want: []privacy.Kind{privacy.Phones}, count: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := privacy.Scan(thisYear, []string{c.text}, c.tables)
			var kinds []privacy.Kind
			for _, f := range found {
				kinds = append(kinds, f.Kind)
			}
			if !slices.Equal(kinds, c.want) || found[0].Count != c.count || !strings.Contains(found[0].Where, c.where) {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestNoFindingHoldsAValue(t *testing.T) {
	t.Parallel()
	found := privacy.Scan(thisYear, []string{"", "CCCD 012203001234, CMND 045123456, " + list(9, func(i int) string { return fmt.Sprintf("0912 345 6%02d sbd 0700012%d a%d@yahoo.com", i, i, i) })},
		rows("Họ và tên|Ngày sinh|Dân tộc", 3, func(i int) string { return person(i) + "|01/02/2003|Mông" }))
	if len(found) != 7 {
		t.Fatalf("found %v", found)
	}
	for _, f := range found {
		for _, value := range []string{"012203001234", "045123456", "0912345600", "07000120", "a0@", "Páo", "2003", "Mông"} {
			if strings.Contains(f.String(), value) {
				t.Errorf("%q is in %q", value, f)
			}
		}
	}
	if s := found[0].String(); s != "Số căn cước công dân: 1 mục (trang 2; ví dụ 01••••••••34)" {
		t.Errorf("the first says %q", s)
	}
}

func TestWhatEveryOfficialDocumentHasIsNoAlarm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		tables []privacy.Table
	}{
		"its own number, dates and a signature": {text: "Số: 1523/SGDĐT-QLCL\nLai Châu, ngày 24/12/2010\nCăn cứ Nghị định số 115/2010/NĐ-CP ngày 24/12/2010 của Chính phủ\nNơi nhận: Như trên\nGIÁM ĐỐC\nĐinh Trung Tuấn"},
		"dates of laws behind names of places":  {text: "Thành phố Hồ Chí Minh 19/5/1990\nTrường THPT Lê Quý Đôn 20/11/2005; Hà Nội 2/9/1945"},
		"a few contacts":                        {text: "Liên hệ: 0213.3876961; ông Nguyễn Văn An, 0912 345 678; so.gddt@laichau.edu.vn; vp@laichau.gov.vn; hotro@gmail.com"},
		"a long number that is no person's":     {text: "Số tài khoản 012203001234 tại Kho bạc; mã số 99912345678"},
		"one candidate number as an example":    {text: "Số báo danh gồm 8 chữ số, ví dụ 07000001 hoặc 01000123."},
		"days written without separators":       {text: "sbd " + list(9, func(i int) string { return fmt.Sprintf("2021070%d", i+1) })},
		"an empty form":                         {tables: rows("TT|Họ và tên|Ngày sinh|Số CCCD|Điện thoại", 5, func(i int) string { return fmt.Sprintf("%d|........|  /  /||", i) })},
		"a table of exam sites":                 {tables: rows("TT|Điểm thi|Địa chỉ|Số phòng", 6, func(i int) string { return fmt.Sprintf("%d|THPT Lê Quý Đôn|Phường Tân Phong|%d", i, i+9) })},
		"a timetable":                           {tables: rows("Ngày|Buổi|Môn thi|Thời gian", 6, func(i int) string { return "07/7/2021|Sáng|Ngữ văn|120 phút" })},
		"officers and their offices":            {tables: rows("Họ và tên|Chức vụ|Nhiệm vụ", 9, func(i int) string { return person(i) + "|Trưởng phòng|Ủy viên" })},
		"plans with dates beside names":         {tables: rows("Họ và tên|Việc|Hạn", 9, func(i int) string { return person(i) + "|In sao|07/7/2021" })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if found := privacy.Scan(thisYear, []string{c.text}, c.tables); len(found) != 0 {
				t.Errorf("found %v", found)
			}
		})
	}
}

func shared(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("BANGVANG_SHARED_DATA"), "../../../../shared/data"} {
		if dir != "" {
			if _, err := os.Stat(dir); err == nil {
				return dir
			}
		}
	}
	t.Skip("the shared data are not there: real documents and results were not tried")
	return ""
}

func TestRealDocumentsAreSilent(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(shared(t), "documents", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	reference, _ := filepath.Glob(filepath.Join(shared(t), "reference", "*.csv"))
	for _, name := range append(files, reference...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var tables []privacy.Table
		if filepath.Ext(name) == ".csv" {
			tables = readCSV(t, name, 500)
		}
		if found := privacy.Scan(thisYear, []string{string(b)}, tables); len(found) != 0 {
			t.Errorf("%s: %v", filepath.Base(name), found)
		}
	}
}

func TestRealResultsAreCandidates(t *testing.T) {
	t.Parallel()
	found := privacy.Scan(thisYear, nil, readCSV(t, filepath.Join(shared(t), "results-2021-laichau.csv"), 200))
	if len(found) != 1 || found[0].Kind != privacy.Candidates {
		t.Errorf("found %v", found)
	}
	tables := readCSV(t, filepath.Join(shared(t), "results-2021-laichau.csv"), 200)
	tables[0].Rows = tables[0].Rows[1:]
	if found := privacy.Scan(thisYear, nil, tables); len(found) != 1 || found[0].Kind != privacy.Candidates {
		t.Errorf("without the header, found %v", found)
	}
}

func readCSV(t *testing.T, name string, most int) []privacy.Table {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	var table privacy.Table
	for len(table.Rows) < most {
		row, err := r.Read()
		if err != nil {
			break
		}
		table.Rows = append(table.Rows, row)
	}
	return []privacy.Table{table}
}

func FuzzScan(f *testing.F) {
	f.Add("SBD 07000001 CCCD 012203001234\nNguyễn Văn An 01/02/2003", "Họ và tên|Ngày sinh")
	f.Add("+84 912-345-678 a@b.c \xff\xfe 01/01/2003", "|")
	f.Fuzz(func(t *testing.T, s, row string) {
		cells := strings.Split(row, "|")
		for _, found := range privacy.Scan(thisYear, []string{s, s}, []privacy.Table{{Name: s, Rows: [][]string{cells, cells, cells}}}) {
			if found.Count < 1 || found.Where == "" || found.Sample == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}
