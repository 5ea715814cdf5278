package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"bangvang/internal/base/db"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// basis makes what a report of a site is judged against. authority is the Council's, which may enter
// what the roster does not say, with a reason (V-04), and has no computer at the site to account for.
func (s *Service) basis(ctx context.Context, q db.Queryer, sc scene, d Duty, authority bool) (rules.Basis, error) {
	b := rules.Basis{
		Site: string(d.Site.ID), Sitting: string(sc.sitting.ID), Held: sc.sitting.Held() && len(d.Lines) > 0,
		StartAt: sc.sitting.StartsAt(), EndAt: sc.sitting.EndsAt(), Now: s.Clock.Millis(), RoomMax: exam.RoomLimit, Rise: sc.settings.Rise,
		Records: -1, Authority: authority, Phone: authority,
		AbsenceReasons: sc.words.Absence, StaffKinds: sc.words.Staff, IncidentCategories: sc.words.Incident,
	}
	groups := map[exam.PaperID]bool{}
	for _, l := range d.Lines {
		n := d.Roster[l.LineKey]
		base := rules.Base{Key: l.String(), Name: l.Name(), Registered: n.Registered, Continuing: n.Continuing, GeneralOnly: l.GeneralOnly}
		if l.Component != "" {
			base.Group = string(l.Paper)
			whole := exam.LineKey{Paper: l.Paper}
			if !groups[l.Paper] {
				groups[l.Paper] = true
				b.Groups = append(b.Groups, rules.Group{Key: base.Group, Name: l.PaperName, Registered: d.Roster[whole].Registered, Continuing: d.Roster[whole].Continuing})
			}
		}
		b.Lines = append(b.Lines, base)
	}
	slots, err := saidBefore(ctx, q, d.Site.ID, sc.round.ID)
	if err != nil {
		return b, err
	}
	for _, x := range sc.round.Sittings { // ordered by time
		if x.ID == sc.sitting.ID {
			break
		}
		said, ok := slots[Slot{x.ID, d.Site.ID, rules.Closing}]
		if !ok || said.State != StateAccepted {
			said, ok = slots[Slot{x.ID, d.Site.ID, rules.Attendance}]
		}
		if ok && said.State == StateAccepted && len(said.Said.Lines) > 0 {
			b.Before = append(b.Before, rules.Earlier{Sitting: string(x.ID), Name: x.Title(), Lines: said.Said.Lines})
		}
	}
	if first, ok := slots[Slot{sc.sitting.ID, d.Site.ID, rules.Attendance}]; ok {
		b.First = first.Said.Lines
	}
	b.SevereOpen, err = countSevere(ctx, q, d.Site.ID, sc.sitting.ID)
	return b, err
}

// formVersion names the form that a basis makes: another roster, other words, other times are another.
func formVersion(b rules.Basis) string {
	b.Now, b.Before, b.First, b.SevereOpen = 0, nil, nil, 0
	sum := sha256.Sum256([]byte(asJSON(b)))
	return hex.EncodeToString(sum[:6])
}
