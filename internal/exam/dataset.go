package exam

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// The data sets that ship with the program, one readable file a year. They say in their own words
// which of their dates and times rest on a document.
//
//go:embed datasets/*.json
var datasets embed.FS

// A set is a data set as it stands in its file: times as people write them, papers by their codes.
type set struct {
	Year      int
	Name      string
	From      string
	Until     string
	Source    string
	Subjects  []Subject
	Languages []Language
	Schemes   []struct {
		Code, Name, Note string
		Papers           []struct {
			Code, Name string
			Kind       PaperKind
			Components []struct {
				Subject     string
				Minutes     int
				GeneralOnly bool
			}
		}
	}
	Rounds []struct {
		Number               int
		Name, Note, SpareDay string
		Sittings             []struct {
			Day                     string
			Half                    Half
			Kind                    SittingKind
			Name, Note, CallIn, End string
			Confirmed               Confirmed
			Source                  string
			Slots                   []struct {
				Turn           int
				Handout, Start string
				Parts          []string // "scheme/paper/subject"
			}
		}
	}
	News []News
}

// SetYears gives the years whose data sets ship with the program, ascending.
func SetYears() []int {
	files, err := datasets.ReadDir("datasets")
	if err != nil {
		panic(err) // embedded
	}
	var years []int
	for _, f := range files {
		if y, err := strconv.Atoi(strings.TrimSuffix(f.Name(), ".json")); err == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
}

// readSet reads the data set of a year into an exam with fresh identifiers, and its news.
func readSet(year int) (Exam, []News, error) {
	data, err := datasets.ReadFile(fmt.Sprintf("datasets/%d.json", year))
	if err != nil {
		return Exam{}, nil, fault.New(fault.NotFound, "Chưa có bộ dữ liệu của kỳ thi năm %d. Hãy tạo bằng cách chép từ một kỳ thi đã có.", year)
	}
	var s set
	if err := json.Unmarshal(data, &s); err != nil {
		return Exam{}, nil, fmt.Errorf("read data set %d: %w", year, err)
	}
	e, err := s.exam()
	if err != nil {
		return Exam{}, nil, fmt.Errorf("read data set %d: %w", year, err)
	}
	return e, s.News, nil
}

func (s set) exam() (Exam, error) {
	e := Exam{ID: ID(db.NewID()), Year: s.Year, Name: s.Name, From: s.From, Until: s.Until, Source: s.Source,
		Subjects: s.Subjects, Languages: s.Languages, Version: 1}
	parts := map[string]Part{} // by "scheme/paper/subject"
	for _, sc := range s.Schemes {
		scheme := Scheme{ID: SchemeID(db.NewID()), Code: sc.Code, Name: sc.Name, Note: sc.Note}
		for _, p := range sc.Papers {
			paper := Paper{ID: PaperID(db.NewID()), Code: p.Code, Name: p.Name, Kind: p.Kind, Version: 1}
			for _, c := range p.Components {
				subject, ok := e.subject(c.Subject)
				if !ok {
					return e, fmt.Errorf("paper %s: no subject %q", p.Code, c.Subject)
				}
				component := Component{ID: ComponentID(db.NewID()), Subject: subject, Minutes: c.Minutes, GeneralOnly: c.GeneralOnly}
				paper.Components = append(paper.Components, component)
				parts[sc.Code+"/"+p.Code+"/"+c.Subject] = Part{scheme.ID, paper.ID, paper.Name, paper.Kind, component}
			}
			scheme.Papers = append(scheme.Papers, paper)
		}
		e.Schemes = append(e.Schemes, scheme)
	}
	for _, r := range s.Rounds {
		round := Round{ID: RoundID(db.NewID()), Number: r.Number, Name: r.Name, Note: r.Note, SpareDay: r.SpareDay, Version: 1}
		for _, st := range r.Sittings {
			in := SittingInput{Day: st.Day, Half: st.Half, Kind: st.Kind, Name: st.Name, Note: st.Note, CallIn: st.CallIn,
				End: st.End, Confirmed: st.Confirmed, Source: st.Source}
			for _, sl := range st.Slots {
				slot := SlotInput{Turn: sl.Turn, Handout: sl.Handout, Start: sl.Start}
				for _, key := range sl.Parts {
					part, ok := parts[key]
					if !ok {
						return e, fmt.Errorf("sitting %s %s: no part %q", st.Day, st.Half, key)
					}
					slot.Components = append(slot.Components, part.Component.ID)
				}
				in.Slots = append(in.Slots, slot)
			}
			sitting, err := e.makeSitting(round, Sitting{ID: SittingID(db.NewID()), Version: 1}, in)
			if err != nil {
				return e, fmt.Errorf("sitting %s %s: %w", st.Day, st.Half, err)
			}
			round.Sittings = append(round.Sittings, sitting)
		}
		e.Rounds = append(e.Rounds, round)
	}
	return e, nil
}

func (e Exam) subject(code string) (Subject, bool) {
	i := slices.IndexFunc(e.Subjects, func(s Subject) bool { return s.Code == code })
	if i < 0 {
		return Subject{}, false
	}
	return e.Subjects[i], true
}

// parts gives every component of the exam with its paper and scheme.
func (e Exam) parts() map[ComponentID]Part {
	all := map[ComponentID]Part{}
	for _, s := range e.Schemes {
		for _, p := range s.Papers {
			for _, c := range p.Components {
				all[c.ID] = Part{s.ID, p.ID, p.Name, p.Kind, c}
			}
		}
	}
	return all
}

// A councilSpan is an Exam Council under the code it has from one year to another.
type councilSpan struct {
	Province, Name, Code string
	From, Until          int // years; Until 0 = still
}

func (c councilSpan) valid(year int) bool {
	return c.From <= year && (c.Until == 0 || year <= c.Until)
}

func councils() ([]councilSpan, error) {
	data, err := datasets.ReadFile("datasets/councils.json")
	if err != nil {
		return nil, err
	}
	var list []councilSpan
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("read councils: %w", err)
	}
	return list, nil
}

// CouncilOf gives the Exam Council of a province in a year: codes changed when provinces merged
// (domain.md 3.4). A province that the data do not know gets a council without a code, to be filled
// in by hand.
func CouncilOf(province string, year int) (Council, error) {
	known, err := councils()
	if err != nil {
		return Council{}, err
	}
	for _, c := range known {
		if c.Province == province && c.valid(year) {
			return Council{Code: c.Code, Name: c.Name}, nil
		}
	}
	return Council{Name: "Hội đồng thi Sở GDĐT " + province}, nil
}
