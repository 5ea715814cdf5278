package sheet

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/opc"
	"bangvang/internal/base/text"
)

// A format is what a number format makes of a number, as far as it changes the meaning.
type format struct {
	day, clock bool
	zeros      int // digits shown at least: "00000000" shows 7000001 as 07000001
}

// builtin formats that are not in the file, ECMA-376 part 1, 18.8.30.
func builtin(id int) format {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{day: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return format{clock: true}
	case id == 22:
		return format{day: true, clock: true}
	}
	return format{}
}

// parseFormat reads a format code. Colours, locales, quoted and escaped text say nothing.
func parseFormat(code string) (f format) {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			if j := strings.IndexByte(code[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case '[':
			if j := strings.IndexByte(code[i:], ']'); j >= 0 {
				if in := strings.ToLower(code[i+1 : i+j]); in == "h" || in == "hh" || in == "m" || in == "mm" || in == "s" {
					f.clock = true
				}
				i += j
			}
		case '\\', '_', '*':
			i++
		case ';':
			i = len(code) // the first section is for positive numbers
		default:
			b.WriteByte(code[i] | 0x20)
		}
	}
	plain := b.String()
	f.day = strings.ContainsAny(plain, "dy") && !strings.Contains(plain, "general")
	f.clock = f.clock || strings.ContainsAny(plain, "hs") && !strings.Contains(plain, "general")
	if digits := strings.Trim(code, "0"); digits == "" {
		f.zeros = len(code)
	}
	return f
}

// cell makes a cell of a number.
func (f format) cell(n float64, date1904 bool) Cell {
	switch {
	case (f.day || f.clock) && n >= 0 && n < 1 && f.clock:
		return Cell{Text: clockText(n), Kind: Clock}
	case f.day:
		day, err := text.DayFromSerial(n, date1904)
		if err != nil {
			break // a number that is no day stays a number
		}
		if n != math.Trunc(n) && f.clock {
			day += " " + clockText(n-math.Trunc(n))
		}
		return Cell{Text: day, Kind: Day}
	}
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'e', 14, 64), 64) // 15 digits, as Excel shows: 7.6, not 7.6000000000000005
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if !strings.ContainsAny(s, "-.") && len(s) < f.zeros {
		s = strings.Repeat("0", min(f.zeros, 30)-len(s)) + s
	}
	return Cell{Text: s, Kind: Number}
}

// clockText gives a share of a day as a time of day, to the nearest minute.
func clockText(share float64) string {
	minutes := int(math.Round(share*24*60)) % (24 * 60)
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

// styles reads the number format of every cell style.
func styles(pkg *opc.Package, name string) ([]format, error) {
	var doc struct {
		XMLName xml.Name
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := pkg.XML(name, &doc); err != nil {
		return nil, err
	}
	own := make(map[int]format)
	for _, f := range doc.Formats {
		own[f.ID] = parseFormat(f.Code)
	}
	formats := make([]format, len(doc.Cells))
	for i, c := range doc.Cells {
		f, ok := own[c.ID]
		if !ok {
			f = builtin(c.ID)
		}
		formats[i] = f
	}
	return formats, nil
}
