package exam

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// SiteStatus says whether a site works.
type SiteStatus string

// The states of a site (domain.md 3.3).
const (
	Open   SiteStatus = "open"
	Halted SiteStatus = "halted" // tạm dừng
	Merged SiteStatus = "merged" // sáp nhập vào điểm khác
	Moved  SiteStatus = "moved"  // chuyển đến điểm khác
)

// Label gives the status's Vietnamese words.
func (s SiteStatus) Label() string {
	return map[SiteStatus]string{Open: "Hoạt động", Halted: "Tạm dừng", Merged: "Sáp nhập", Moved: "Chuyển địa điểm"}[s]
}

// A Site is an exam site (điểm thi) of one round.
type Site struct {
	ID      SiteID
	Round   RoundID
	Code    string // as the Council numbers it, "03"
	Slug    string // the last part of its public address; never changes
	Name    string
	Address string
	// Locality is the district's, or since 7/2025 the commune's, id in package people, when known
	// there; LocalityName is what it was called at the time and is always there.
	Locality     string
	LocalityName string
	Unit         string // the host school's id in package people, or ""
	Phone        string // for the public: the duty room or the host school
	HeadName     string // class internal: "" in what the public may read
	HeadPhone    string // class internal
	Place        *Place // nil when not known
	Note         string
	Status       SiteStatus
	StatusNote   string // why it is not open; for the public
	StatusAt     int64  // ms UTC of the last change of status; 0 = never changed
	Successor    SiteID // where its candidates go when merged or moved; may be ""
	ChangedAt    int64  // of the last change, ms UTC
	Version      int
}

// A Place is a spot on the map in millionths of a degree (WGS 84).
type Place struct{ LatE6, LonE6 int }

// Lat and Lon give the degrees as text, "22.396200".
func (p Place) Lat() string { return degrees(p.LatE6) }

// Lon gives the longitude as [Place.Lat] does the latitude.
func (p Place) Lon() string { return degrees(p.LonE6) }

func degrees(e6 int) string { return strconv.FormatFloat(float64(e6)/1e6, 'f', 6, 64) }

// A SiteInput is what can be edited of a site.
type SiteInput struct {
	Code, Name, Address              string
	Locality, LocalityName           string
	Unit, Phone, HeadName, HeadPhone string
	Lat, Lon                         string // degrees, "22.3962" or "22,3962"; both or neither
	Note                             string
}

var (
	codeOfSite = regexp.MustCompile(`^[0-9A-Za-z-]{1,10}$`)
	phoneForm  = regexp.MustCompile(`^[0-9+][0-9 .()-]{2,24}$`)
)

// makeSite reads in over old, or says what is wrong by field.
func makeSite(old Site, in SiteInput) (Site, error) {
	var c checker
	s := old
	s.Code, s.Name, s.Address, s.Note = in.Code, in.Name, in.Address, in.Note
	s.Locality, s.LocalityName, s.Unit = in.Locality, in.LocalityName, in.Unit
	s.Phone, s.HeadName, s.HeadPhone = in.Phone, in.HeadName, in.HeadPhone
	if !codeOfSite.MatchString(in.Code) {
		c.fail("code", "Mã điểm thi gồm chữ, số, nhiều nhất 10 ký tự, ví dụ 03.")
	}
	c.required("name", "tên điểm thi", in.Name, 160)
	c.required("locality", "huyện, thành phố hoặc xã của điểm thi", in.LocalityName, 120)
	c.short("address", "địa chỉ", in.Address, 300)
	c.short("note", "ghi chú", in.Note, 1000)
	c.short("head_name", "tên Trưởng điểm thi", in.HeadName, 80)
	for field, phone := range map[string]string{"phone": in.Phone, "head_phone": in.HeadPhone} {
		if phone != "" && !phoneForm.MatchString(phone) {
			c.fail(field, "Số điện thoại “%s” không đúng. Hãy ghi bằng chữ số, ví dụ 0213 3876 543.", text.Excerpt(phone, 30))
		}
	}
	s.Place = nil
	if in.Lat != "" || in.Lon != "" {
		lat, lon := c.degrees("lat", "vĩ độ", in.Lat, 90), c.degrees("lon", "kinh độ", in.Lon, 180)
		s.Place = &Place{lat, lon}
	}
	return s, c.err()
}

// degrees reads "22.3962" or "22,3962" into millionths of a degree.
func (c *checker) degrees(field, what, value string, limit int) int {
	f, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
	if err != nil || f != f || f < -float64(limit) || f > float64(limit) {
		c.fail(field, "%s phải là số độ từ -%d đến %d, ví dụ 22.3962. Để trống cả hai ô nếu chưa biết.", capital(what), limit, limit)
		return 0
	}
	if f < 0 {
		return int(f*1e6 - 0.5)
	}
	return int(f*1e6 + 0.5)
}

// Sites gives the sites of a round as the office sees them, by locality and name.
func (s *Service) Sites(ctx context.Context, round RoundID) ([]Site, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	return readSites(ctx, s.DB.Read(), round)
}

// Site gives one site as the office sees it. fault.NotFound when there is none, or the actor may
// not read the office's exams.
func (s *Service) Site(ctx context.Context, id SiteID) (Site, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Site{}, err
	}
	return readSite(ctx, s.DB.Read(), id)
}

// PublicSites gives the sites of every round of an exam without what is internal. fault.NotFound
// for an exam that is not public.
func (s *Service) PublicSites(ctx context.Context, e Exam) ([]Site, error) {
	if !e.Public {
		return nil, fault.New(fault.NotFound, "Kỳ thi này chưa công khai.")
	}
	var all []Site
	for _, r := range e.Rounds {
		sites, err := readSites(ctx, s.DB.Read(), r.ID)
		if err != nil {
			return nil, err
		}
		for _, site := range sites {
			site.HeadName, site.HeadPhone = "", ""
			all = append(all, site)
		}
	}
	return all, nil
}

// SaveSite changes a site, or adds one to the round when id is "". Its address part is made from
// its name once and stays.
//
// It returns fault.Invalid with fields "code", "name", "address", "locality", "phone", "head_name",
// "head_phone", "lat", "lon", "note"; fault.Conflict after another change.
func (s *Service) SaveSite(ctx context.Context, round RoundID, id SiteID, version int, in SiteInput) (SiteID, error) {
	ctx, err := s.Policy.Enter(ctx, ActSites, access.Place{})
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := examOfRound(ctx, tx, round)
		if err != nil {
			return err
		}
		id, err = s.saveSite(ctx, tx, e, round, id, version, in)
		return err
	})
	return id, err
}

func (s *Service) saveSite(ctx context.Context, tx *db.Tx, e Exam, round RoundID, id SiteID, version int, in SiteInput) (SiteID, error) {
	old := Site{Round: round, Status: Open, Version: 1}
	if id != "" {
		var err error
		if old, err = readSite(ctx, tx, id); err != nil {
			return "", err
		}
		if old.Round != round {
			return "", fault.New(fault.NotFound, "Điểm thi này không thuộc đợt thi đang mở.")
		}
	}
	site, err := makeSite(old, in)
	if err != nil {
		return "", err
	}
	if id == "" {
		site.ID = SiteID(db.NewID())
		if site.Slug, err = freeSlug(ctx, tx, e, site); err != nil {
			return "", err
		}
		err = insertSite(ctx, tx, site)
	} else {
		err = updateSite(ctx, tx, site, version)
	}
	if db.IsUnique(err) {
		return "", fault.Fields(fault.Field{Name: "code", Message: "Đợt thi này đã có điểm thi mang mã “" + in.Code + "”."})
	}
	if err != nil {
		return "", err
	}
	return site.ID, s.siteChanged(ctx, tx, e, site, "exam.site", "")
}

// SetSiteStatus halts, merges, moves or reopens a site, with the reason the public reads and, when
// its candidates go elsewhere, the site they go to.
//
// It returns fault.Invalid with fields "status", "reason", "successor"; fault.Conflict after another
// change.
//
// Source: domain.md 3.3; P-9, P-10.
func (s *Service) SetSiteStatus(ctx context.Context, id SiteID, version int, status SiteStatus, reason string, successor SiteID) error {
	ctx, err := s.Policy.Enter(ctx, ActSiteStatus, access.Place{Site: string(id)})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		site, err := readSite(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := examOfRound(ctx, tx, site.Round)
		if err != nil {
			return err
		}
		var c checker
		if status.Label() == "" {
			c.fail("status", "Hãy chọn trạng thái của điểm thi.")
		}
		if status != Open {
			c.required("reason", "lý do, vì người dân sẽ đọc ở trang điểm thi", reason, 500)
		}
		if status == Open || status == Halted {
			successor = ""
		} else if err := c.successor(ctx, tx, site, successor); err != nil {
			return err
		}
		if err := c.err(); err != nil {
			return err
		}
		site.Status, site.StatusNote, site.StatusAt, site.Successor = status, reason, tx.Now(), successor
		if err := updateSite(ctx, tx, site, version); err != nil {
			return err
		}
		return s.siteChanged(ctx, tx, e, site, "exam.site.status", status.Label()+". "+reason)
	})
}

// successor checks that a site's candidates can go to the site named: one of the same round, open.
func (c *checker) successor(ctx context.Context, q db.Queryer, site Site, successor SiteID) error {
	if successor == "" {
		c.fail("successor", "Hãy chọn điểm thi mà thí sinh chuyển đến.")
		return nil
	}
	next, err := readSite(ctx, q, successor)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || next.Round != site.Round || next.ID == site.ID || next.Status != Open {
		c.fail("successor", "Điểm thi chuyển đến phải là một điểm thi khác, đang hoạt động, cùng đợt.")
	}
	return nil
}

// siteChanged writes what every change of a site implies.
func (s *Service) siteChanged(ctx context.Context, tx *db.Tx, e Exam, site Site, verb, note string) error {
	if err := SiteChanged.Emit(ctx, tx, SiteFact{e.ID, e.Year, site.Round, site.ID, site.Status}); err != nil {
		return err
	}
	if err := s.touch(ctx, tx, e.touched(KeySites, SiteKey(site.Slug))...); err != nil {
		return err
	}
	if err := s.announceClock(ctx, tx, e); err != nil {
		return err
	}
	return write(ctx, tx, verb, "exam.site", string(site.ID), site.Code+" "+site.Name, note, map[string]string{"exam": e.FullName()})
}

// freeSlug makes the last part of a site's address: from its name, with the round or the code when
// another site of the exam has it.
func freeSlug(ctx context.Context, q db.Queryer, e Exam, site Site) (string, error) {
	taken, err := examSlugs(ctx, q, e.ID)
	if err != nil {
		return "", err
	}
	r, _ := e.Round(site.Round)
	base := text.Slug(site.Name)
	if base == "" {
		base = "diem-" + text.Slug(site.Code)
	}
	for _, slug := range []string{base, fmt.Sprintf("%s-dot-%d", base, r.Number), fmt.Sprintf("%s-%s", base, text.Slug(site.Code))} {
		if !slices.Contains(taken, slug) {
			return slug, nil
		}
	}
	return base + "-" + string(site.ID), nil
}
