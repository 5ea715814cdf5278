package text

import "strings"

// FormatPhone writes a Vietnamese telephone number in the groups people say it in: "0213 3799 569",
// "024 3869 5144", "0912 345 678". What is no such number (short, 1800, foreign, with words) stays as
// it was written.
//
// Source: numbering plan of 2014/2017: area codes 02xx, Hà Nội 024 and Hồ Chí Minh City 028 with
// eight digits behind; mobile numbers of ten digits.
func FormatPhone(s string) string {
	d := strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "", "\u00a0", "").Replace(s)
	if d == "" || strings.Trim(d, "0123456789") != "" {
		return s
	}
	switch {
	case len(d) == 11 && (strings.HasPrefix(d, "024") || strings.HasPrefix(d, "028")):
		return d[:3] + " " + d[3:7] + " " + d[7:]
	case len(d) == 11 && strings.HasPrefix(d, "02"):
		return d[:4] + " " + d[4:8] + " " + d[8:]
	case len(d) == 10 && d[0] == '0' && d[1] != '2':
		return d[:4] + " " + d[4:7] + " " + d[7:]
	}
	return s
}
