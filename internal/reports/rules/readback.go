package rules

import (
	"slices"
	"strings"

	"bangvang/internal/base/text"
)

// ReadBack gives the sentences that are read back on the telephone when a report was dictated, a line
// each, every number in digits and in words: "Ngữ văn: đăng ký 241 (hai trăm bốn mươi mốt), có mặt 238 …".
//
// Source: domain.md 6.5; P-11.
func ReadBack(r Report, b Basis) []string {
	if r.NotHeld != "" {
		return []string{"Không tổ chức buổi thi. Lý do: " + text.Excerpt(r.NotHeld, 500) + "."}
	}
	var said []string
	for _, base := range b.Lines {
		i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Key == base.Key })
		if i < 0 {
			said = append(said, base.Name+": chưa có số liệu.")
			continue
		}
		l := r.Lines[i]
		parts := []string{"đăng ký " + l.Registered.aloud(), "có mặt " + l.Present.aloud(), "vắng " + l.Absent.aloud()}
		var why []string
		for _, reason := range b.AbsenceReasons {
			if n := l.Why[reason.Code].usual(); n != "" && n != "0" {
				why = append(why, strings.ToLower(reason.Name)+" "+n.aloud())
			}
		}
		if len(why) > 0 {
			parts[2] += ", trong đó " + strings.Join(why, ", ")
		}
		parts = append(parts, "phòng thi "+l.Rooms.aloud())
		if r.Part == Closing {
			parts = append(parts, "khiển trách "+l.Reprimanded.aloud(), "cảnh cáo "+l.Warned.aloud(), "đình chỉ "+l.Suspended.aloud())
		}
		said = append(said, base.Name+": "+strings.Join(parts, "; ")+".")
	}
	if r.Part == Closing {
		said = append(said, staffAloud(r, b), incidentsAloud(r))
	}
	return said
}

func (c Count) aloud() string {
	if n, ok := c.Int(); ok {
		return string(N(n)) + " (" + text.Spell(n) + ")"
	}
	return "chưa rõ"
}

func staffAloud(r Report, b Basis) string {
	var parts []string
	for _, s := range r.Staff {
		if i := slices.IndexFunc(b.StaffKinds, func(w Word) bool { return w.Code == s.Kind }); i >= 0 {
			parts = append(parts, strings.ToLower(b.StaffKinds[i].Name)+" "+s.Count.aloud())
		}
	}
	if len(parts) == 0 {
		return "Không có cán bộ vi phạm."
	}
	return "Cán bộ vi phạm: " + strings.Join(parts, "; ") + "."
}

func incidentsAloud(r Report) string {
	if len(r.Incidents) == 0 {
		return "Không có sự cố."
	}
	parts := []string{}
	for _, x := range r.Incidents {
		parts = append(parts, "lúc "+text.Excerpt(x.At, 5)+" "+text.Excerpt(x.What, 200))
	}
	return "Sự cố: " + N(len(r.Incidents)).aloud() + ": " + strings.Join(parts, "; ") + "."
}
