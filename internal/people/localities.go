package people

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A Level says what sort of locality one is.
type Level string

// The levels. Districts ended on 30/6/2025; 2021 still shows them (domain.md 2.6).
const (
	Province Level = "province"
	District Level = "district"
	Commune  Level = "commune"
)

// Title gives the level's Vietnamese name.
func (l Level) Title() string {
	return map[Level]string{Province: "Tỉnh, thành phố", District: "Huyện, thị xã, thành phố thuộc tỉnh", Commune: "Xã, phường, thị trấn"}[l]
}

// A Locality (địa phương) is a province, district or commune for a period. A locality that changes
// its name or borders ends and another begins.
type Locality struct {
	ID        LocalityID
	Level     Level
	Code      string // the statistics office's code as text ("105"); may be empty
	Parent    LocalityID
	Name      string // "Huyện Tam Đường"
	ValidFrom string // first day; "" = since ever
	ValidTo   string // last day; "" = still
	Version   int
}

// Localities gives the localities of a level that exist on a day, in Vietnamese order. Level "" is
// every level, day "" every time. They are public: no right is asked for.
func (s *Service) Localities(ctx context.Context, level Level, day string) ([]Locality, error) {
	all, err := readLocalities(ctx, s.db.Read())
	return slices.DeleteFunc(all, func(l Locality) bool {
		return level != "" && l.Level != level || day != "" && !covers(l.ValidFrom, l.ValidTo, day)
	}), err
}

// SaveLocality creates a locality (ID "") or changes one of the version given, and returns its id.
//
// It returns fault.Invalid with form fields "level", "name", "parent", "valid_from", "valid_to",
// fault.Conflict when somebody saved before, and what the policy says without the right.
func (s *Service) SaveLocality(ctx context.Context, l Locality) (LocalityID, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := readLocalities(ctx, tx)
		if err != nil {
			return err
		}
		if err := checkLocality(&l, all); err != nil {
			return err
		}
		action, write := "people.locality.update", updateLocality
		if l.ID == "" {
			l.ID = LocalityID(db.NewID())
			action, write = "people.locality.create", insertLocality
		}
		if err := write(ctx, tx, l); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: action, Kind: "locality", ID: string(l.ID), Label: l.Name,
			Data: map[string]string{"level": string(l.Level), "from": l.ValidFrom, "to": l.ValidTo}})
	})
	return l.ID, err
}

func checkLocality(l *Locality, all []Locality) error {
	var wrong []fault.Field
	l.Name = clean(l.Name)
	if l.Name == "" {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy nhập tên địa phương."})
	}
	if l.Level.Title() == "" {
		wrong = append(wrong, fault.Field{Name: "level", Message: "Hãy chọn cấp: tỉnh, huyện hoặc xã."})
	}
	if l.Parent != "" && !slices.ContainsFunc(all, func(o Locality) bool { return o.ID == l.Parent && o.ID != l.ID }) {
		wrong = append(wrong, fault.Field{Name: "parent", Message: "Không có địa phương cấp trên này."})
	}
	for _, o := range all {
		if l.Code != "" && o.ID != l.ID && o.Code == l.Code && o.Level == l.Level && o.ValidFrom == l.ValidFrom {
			wrong = append(wrong, fault.Field{Name: "code", Message: "Mã này đã dùng cho “" + o.Name + "”."})
		}
	}
	return fault.Fields(append(wrong, checkPeriod(&l.ValidFrom, &l.ValidTo)...)...)
}
