package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
)

// raw makes a workbook of one sheet from its XML as hostile or careless programs write it.
func raw(t testing.TB, strings, rows string) []byte {
	return zipped(t,
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Trang" r:id="s"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="s" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="strings.xml"/></Relationships>`,
		"xl/strings.xml", `<?xml version="1.0"?>`+strings,
		"xl/sheet.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
}

// A few kilobytes must not become gigabytes: blank rows and the gap before a far cell take no room
// uncounted, a text that many cells share is counted in each.
func TestSmallFilesStaySmall(t *testing.T) {
	t.Parallel()
	limits := sheet.Limits{Bytes: 1 << 20, Rows: 100, Columns: 50, Cells: 1000, Text: 1000, Sheets: 1}
	long := "<sst><si><t>" + strings.Repeat("Điểm thi ", 20) + "</t></si></sst>"
	for name, data := range map[string][]byte{
		"rows of one far cell":        raw(t, "<sst/>", strings.Repeat(`<row><c r="AX1"><v>1</v></c></row>`, 90)),
		"more blank cells than cells": raw(t, "<sst/>", strings.Repeat(`<row>`+strings.Repeat(`<c r="A1" s="1"/>`, 20)+`</row>`, 90)),
		"one text in many cells":      raw(t, long, strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 90)),
		"one text that is too long":   raw(t, strings.Replace(long, "Điểm", strings.Repeat("x", 1000), 1), `<row><c><v>1</v></c></row>`),
		"more rows than a sheet has":  raw(t, "<sst/>", strings.Repeat(`<row/>`, 1<<20+1)),
		"a row far beyond the last":   raw(t, "<sst/>", `<row r="99999999"><c><v>1</v></c></row>`),
		"blank lines":                 []byte("a,b\n1,2" + strings.Repeat("\n", 200) + "3,4"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := limits.ReadAll("x.xlsx", data)
			if !fault.Is(err, fault.TooLarge) || !strings.Contains(fault.Message(err), "Hãy") {
				t.Errorf("%d bytes give %v, want too large and what to do", len(data), err)
			}
		})
	}
}

// Excel keeps a row for every line somebody coloured, down to the last of the sheet.
func TestBlankRowsAreNoRows(t *testing.T) {
	t.Parallel()
	limits := sheet.DefaultLimits
	limits.Rows = 100
	tables, _, err := limits.ReadAll("x.xlsx", raw(t, "<sst/>", `<row r="1"><c t="inlineStr"><is><t>Mã</t></is></c></row>`+strings.Repeat(`<row/>`, 1000)+`<row><c><v>7</v></c></row>`))
	if err != nil || len(tables[0].Rows) != 2 || tables[0].Rows[1].Number != 1002 {
		t.Errorf("%+v, %v", tables, err)
	}
}

func TestDeclaredEntitiesAreRefused(t *testing.T) {
	t.Parallel()
	for name, dtd := range map[string]string{
		"a billion laughs":  `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`,
		"a file of ours":    `<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>`,
		"an address":        `<!DOCTYPE x [<!ENTITY b SYSTEM "http://127.0.0.1:9/">]>`,
		"a parameter of it": `<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p; <!ENTITY b "x">]>`,
	} {
		_, _, err := sheet.Read("x.xlsx", raw(t, dtd+"<sst><si><t>&b;</t></si></sst>", `<row><c t="s"><v>0</v></c></row>`))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "xl/strings.xml") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Programs other than Excel leave the addresses out; an empty cell then still takes its column.
func TestCellsWithoutAddress(t *testing.T) {
	t.Parallel()
	data := raw(t, "<sst/>", `<row><c t="inlineStr"><is><t>Mã</t></is></c><c t="inlineStr"><is><t>Tên</t></is></c><c t="inlineStr"><is><t>Ngày</t></is></c></row>`+
		`<row><c><v>1</v></c><c/><c t="inlineStr"><is><t>7/7/2021</t></is></c></row>`+
		`<row><c r="B3"><v>2</v></c><c><v>3</v></c></row>`)
	table, _ := read(t, "x.xlsx", data)
	if got, want := fmt.Sprint(values(table.Rows[0]), values(table.Rows[1])), "[1  7/7/2021] [ 2 3]"; got != want {
		t.Errorf("rows are %s, want %s", got, want)
	}
}

// Our own template has Unicode headers; what is pasted under them is typed as the office types.
func TestTextTableTypedInOldEncodingUnderUnicodeHeaders(t *testing.T) {
	t.Parallel()
	for encoding, row := range map[string]string{
		"VNI":   "1,Nguyeãn Thò Höông,Coâng khai",
		"TCVN3": "1,NguyÔn ThÞ H\u00ad¬ng,C«ng khai",
	} {
		plain, _ := read(t, "ds.csv", []byte("STT,Tên,Mã\n"+row+"\n")) // no letter here that an old encoding does not have
		if !slices.Equal(plain.Header, []string{"STT", "Tên", "Mã"}) {
			t.Errorf("%s: the header became %q", encoding, plain.Header)
		}
		table, warnings := read(t, "ds.csv", []byte("\ufeffSTT,Họ tên,Mức độ\n"+row+"\n"))
		if got := values(table.Rows[0]); !slices.Equal(got, []string{"1", "Nguyễn Thị Hương", "Công khai"}) || !warned(warnings, encoding, "Hãy xem lại") {
			t.Errorf("%s: %q, warnings %v", encoding, got, warnings)
		}
		if !slices.Equal(table.Header, []string{"STT", "Họ tên", "Mức độ"}) {
			t.Errorf("%s: the header became %q", encoding, table.Header)
		}
	}
}
