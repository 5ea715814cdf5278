package text_test

import (
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

func TestNumbersAreWrittenTheVietnameseWay(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{text.FormatNumber(0), "0"}, {text.FormatNumber(241), "241"}, {text.FormatNumber(1000176), "1.000.176"}, {text.FormatNumber(-12345), "-12.345"},
		{text.FormatDecimal(725, 2), "7,25"}, {text.FormatDecimal(5, 2), "0,05"}, {text.FormatDecimal(-5, 2), "-0,05"}, {text.FormatDecimal(123456, 2), "1.234,56"}, {text.FormatDecimal(7, 0), "7"},
		{text.FormatPercent(238, 241), "98,76\u00a0%"}, {text.FormatPercent(9912, 10000), "99,12\u00a0%"}, {text.FormatPercent(0, 0), "–"}, {text.FormatPercent(0, 5), "0,00\u00a0%"},
		{text.FormatPercent(1, 3), "33,33\u00a0%"}, {text.FormatPercent(2, 3), "66,67\u00a0%"}, {text.FormatPercent(1, 1), "100,00\u00a0%"}, {text.FormatPercent(1, 20000), "0,01\u00a0%"},
		{text.FormatPercent(-1, 3), "-33,33\u00a0%"},
		{text.FormatBytes(-1), "0 B"}, {text.FormatBytes(812), "812 B"}, {text.FormatBytes(34 * 1024), "34 KB"}, {text.FormatBytes(1258291), "1,2 MB"},
		{text.FormatBytes(1024*1024 - 1), "1 MB"}, {text.FormatBytes(3 << 30), "3 GB"}, {text.FormatBytes(5000 << 40), "5.000 TB"},
		{text.Excerpt("một\nhai ba", 20), "một hai ba"}, {text.Excerpt("một hai ba", 5), "một…"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"241": 241, "1.000.176": 1000176, "1 000 176": 1000176, "1\u00a0000": 1000, "-5": -5, " 07 ": 7, "２１": 21} {
		if got, err := text.ParseNumber(in); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "1,5", "1.5", "1.000 176", "12.34.567", "abc", "1e3", "0x1f", "99999999999999999999"} {
		if got, err := text.ParseNumber(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseNumber(%q) = %d, %v; want a refusal", bad, got, err)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"7,25": 725, "7.25": 725, "7": 700, "7,5": 750, "8.500": 850, "0": 0, "10": 1000, "-1": -100, "-0,5": -50, "7.": 700} {
		if got, err := text.ParseDecimal(in, 2); err != nil || got != want {
			t.Errorf("ParseDecimal(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "-", ",5", "7,255", "7,2,5", "1e2", "--1", "7 5", "1234567890123456789"} {
		if got, err := text.ParseDecimal(bad, 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseDecimal(%q) = %d, %v; want a refusal", bad, got, err)
		}
	}
}
