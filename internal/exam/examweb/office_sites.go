package examweb

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type officeSitesData struct {
	Exam      exam.Exam
	Round     exam.Round
	Path      string // of the round
	Groups    []officeSiteGroup
	Total     int
	CanEdit   bool
	CanStatus bool
	CanRoster bool
	CanImport bool
}

type officeSiteGroup struct {
	Name string
	Rows []officeSite
}

type officeSite struct {
	siteView
	Rooms int
}

type siteFormData struct {
	Form       ui.Form
	Exam       exam.Exam
	Round      exam.Round
	Site       exam.Site // without ID for a new one
	Path       string    // of the round
	Here       string    // of the site
	Seen       string
	Localities []string
}

type statusData struct {
	Form       ui.Form
	Exam       exam.Exam
	Site       exam.Site
	Back, Seen string
	Statuses   []ui.Option
	Successors []ui.Option
}

type roomsData struct {
	Form ui.Form
	Site exam.Site
	Back string
	Need int // rooms that the largest paper needs; 0 when not known
	Rows []roomRow
	Sum  int
}

type roomRow struct{ Number, Capacity, Note string } // the names of its fields

var (
	officeSitesPage = ui.New[officeSitesData](files, "pages/qt-diem-thi.html")
	siteFormPage    = ui.New[siteFormData](files, "pages/qt-diem-thi-sua.html")
	statusPage      = ui.New[statusData](files, "pages/qt-trang-thai.html")
	roomsPage       = ui.New[roomsData](files, "pages/qt-phong.html")
)

func (p *Office) registerSites(o *web.Office) {
	const sites = OfficePath + "/{year}/dot/{round}/diem-thi"
	o.GET(sites, exam.ActRead, p.sites)
	site := web.FormPage[siteFormData]{View: siteFormPage, Values: p.siteValues, Data: p.siteData, Do: p.saveSite}
	site.Register(o, sites+"/moi", exam.ActSites)
	site.Register(o, sites+"/{id}", exam.ActSites)
	web.FormPage[statusData]{View: statusPage, Values: p.statusValues, Data: p.statusData, Do: p.setStatus}.Register(o, sites+"/{id}/trang-thai", exam.ActSiteStatus)
	web.FormPage[roomsData]{View: roomsPage, Values: p.roomValues, Data: p.roomsData, Do: p.setRooms}.Register(o, sites+"/{id}/phong", exam.ActSites)
}

func (p *Office) sites(c *web.Ctx) error {
	e, r, err := p.round(c)
	if err != nil {
		return err
	}
	list, err := p.Exams.Sites(c.Context(), r.ID)
	if err != nil {
		return err
	}
	data := officeSitesData{Exam: e, Round: r, Path: roundPath(e, r), Total: len(list), CanEdit: c.Can(exam.ActSites, everywhere),
		CanStatus: c.Can(exam.ActSiteStatus, everywhere), CanRoster: c.Can(exam.ActRosterRead, everywhere), CanImport: c.Can(exam.ActImport, everywhere)}
	v := view{Exam: e, front: e.Current}
	for _, s := range list {
		if n := len(data.Groups); n == 0 || data.Groups[n-1].Name != s.LocalityName {
			data.Groups = append(data.Groups, officeSiteGroup{Name: s.LocalityName})
		}
		rooms, err := p.Exams.PublicRooms(c.Context(), s)
		if err != nil {
			return err
		}
		row := officeSite{v.siteView(s, list), rooms}
		if row.Tag.Word == "" {
			row.Tag = ui.Tag{Tone: ui.OK, Word: s.Status.Label()}
		}
		g := &data.Groups[len(data.Groups)-1]
		g.Rows = append(g.Rows, row)
	}
	return c.Render(officeSitesPage.With(data))
}

// siteOrNew gives the site the address names; the zero Site on the page of a new one.
func (p *Office) siteOrNew(c *web.Ctx) (exam.Exam, exam.Round, exam.Site, error) {
	e, r, err := p.round(c)
	if err != nil || c.Path("id") == "" {
		return e, r, exam.Site{}, err
	}
	s, err := p.Exams.Site(c.Context(), exam.SiteID(c.Path("id")))
	if err == nil && s.Round != r.ID {
		err = &fault.Error{Kind: fault.NotFound}
	}
	return e, r, s, err
}

func (p *Office) siteValues(c *web.Ctx) (url.Values, int, error) {
	_, _, s, err := p.siteOrNew(c)
	v := url.Values{"code": {s.Code}, "name": {s.Name}, "locality": {s.LocalityName}, "address": {s.Address}, "phone": {s.Phone},
		"head_name": {s.HeadName}, "head_phone": {s.HeadPhone}, "note": {s.Note}}
	if s.Place != nil {
		v.Set("lat", s.Place.Lat())
		v.Set("lon", s.Place.Lon())
	}
	return v, s.Version, err
}

func (p *Office) siteData(c *web.Ctx, f ui.Form) (siteFormData, error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return siteFormData{}, err
	}
	data := siteFormData{Form: f, Exam: e, Round: r, Site: s, Path: roundPath(e, r) + "/diem-thi", Seen: seen(e)}
	if s.ID != "" {
		data.Here = data.Path + "/" + string(s.ID)
	}
	list, err := p.Exams.Sites(c.Context(), r.ID)
	for _, other := range list {
		if !slices.Contains(data.Localities, other.LocalityName) {
			data.Localities = append(data.Localities, other.LocalityName)
		}
	}
	return data, err
}

func (p *Office) saveSite(c *web.Ctx) (next, flash string, err error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return "", "", err
	}
	in := exam.SiteInput{Code: c.Text("code"), Name: c.Text("name"), Address: c.Text("address"), LocalityName: c.Text("locality"), Phone: c.Text("phone"),
		HeadName: c.Text("head_name"), HeadPhone: c.Text("head_phone"), Lat: c.Text("lat"), Lon: c.Text("lon"), Note: c.Lines("note"), Unit: s.Unit}
	if in.LocalityName == s.LocalityName {
		in.Locality = s.Locality
	}
	_, err = p.Exams.SaveSite(c.Context(), r.ID, s.ID, c.Version(), in)
	return roundPath(e, r) + "/diem-thi", saved(e, "điểm thi "+in.Code), err
}

func (p *Office) statusValues(c *web.Ctx) (url.Values, int, error) {
	_, _, s, err := p.siteOrNew(c)
	return url.Values{"status": {string(s.Status)}, "reason": {s.StatusNote}, "successor": {string(s.Successor)}}, s.Version, err
}

func (p *Office) statusData(c *web.Ctx, f ui.Form) (statusData, error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return statusData{}, err
	}
	data := statusData{Form: f, Exam: e, Site: s, Back: roundPath(e, r) + "/diem-thi", Seen: seen(e), Successors: []ui.Option{{Value: "", Label: "– không –"}}}
	for _, status := range []exam.SiteStatus{exam.Open, exam.Halted, exam.Merged, exam.Moved} {
		data.Statuses = append(data.Statuses, ui.Option{Value: string(status), Label: status.Label()})
	}
	list, err := p.Exams.Sites(c.Context(), r.ID)
	for _, other := range list {
		if other.ID != s.ID && other.Status == exam.Open {
			data.Successors = append(data.Successors, ui.Option{Value: string(other.ID), Label: other.Code + " " + other.Name, Group: other.LocalityName})
		}
	}
	return data, err
}

func (p *Office) setStatus(c *web.Ctx) (next, flash string, err error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return "", "", err
	}
	err = p.Exams.SetSiteStatus(c.Context(), s.ID, c.Version(), exam.SiteStatus(c.Text("status")), c.Text("reason"), exam.SiteID(c.Text("successor")))
	return roundPath(e, r) + "/diem-thi", saved(e, "trạng thái của điểm thi "+s.Code), err
}

func fieldsOfRoom(i int) roomRow {
	name := fmt.Sprintf("room.%d.", i)
	return roomRow{name + "number", name + "capacity", name + "note"}
}

func (p *Office) roomValues(c *web.Ctx) (url.Values, int, error) {
	_, _, s, err := p.siteOrNew(c)
	if err != nil {
		return nil, 0, err
	}
	rooms, err := p.Exams.Rooms(c.Context(), s.ID)
	v := url.Values{}
	for i, r := range rooms {
		f := fieldsOfRoom(i)
		v.Set(f.Number, strconv.Itoa(r.Number))
		v.Set(f.Capacity, strconv.Itoa(r.Capacity))
		v.Set(f.Note, r.Note)
	}
	return v, s.Version, err
}

func (p *Office) roomsData(c *web.Ctx, f ui.Form) (roomsData, error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return roomsData{}, err
	}
	data := roomsData{Form: f, Site: s, Back: roundPath(e, r) + "/diem-thi"}
	n := roomsSent(f.Values)
	for i := range n {
		capacity, err := strconv.Atoi(f.Values.Get(fieldsOfRoom(i).Capacity))
		if err == nil {
			data.Sum += capacity
		}
	}
	for i := range n + 5 {
		data.Rows = append(data.Rows, fieldsOfRoom(i))
	}
	if c.Can(exam.ActRosterRead, access.Place{Site: string(s.ID)}) {
		roster, err := p.Exams.Roster(c.Context(), s.ID)
		if err != nil {
			return data, err
		}
		for _, count := range roster {
			data.Need = max(data.Need, exam.RoomsNeeded(count.Registered))
		}
	}
	return data, nil
}

// roomsSent counts the rows of a form of rooms up to the last one in which something stands.
func roomsSent(v url.Values) int {
	n := 0
	for name, values := range v {
		rest, ok := strings.CutPrefix(name, "room.")
		index, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(index); ok && err == nil && i < 1000 && len(values) > 0 && values[0] != "" {
			n = max(n, i+1)
		}
	}
	return n
}

// setRooms saves the rows and, when asked, adds a run of rooms with the usual capacity.
func (p *Office) setRooms(c *web.Ctx) (next, flash string, err error) {
	e, r, s, err := p.siteOrNew(c)
	if err != nil {
		return "", "", err
	}
	var rooms []exam.Room
	var at []int
	for i := range roomsSent(c.R.Form) {
		f := fieldsOfRoom(i)
		if c.Text(f.Number) == "" {
			continue // an emptied number takes the room away
		}
		room := exam.Room{Number: int(c.Int(f.Number)), Capacity: int(c.Int(f.Capacity)), Note: c.Text(f.Note)}
		if c.Text(f.Capacity) == "" {
			room.Capacity = exam.RoomLimit
		}
		rooms = append(rooms, room)
		at = append(at, i)
	}
	first, last := int(c.Int("first")), int(c.Int("last"))
	if last-first > 500 || (first > 0) != (last > 0) || last < first {
		c.Fail("last", "Dãy phòng phải có số đầu và số cuối, ví dụ từ 1 đến 11, nhiều nhất 500 phòng.")
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	for n := first; n > 0 && n <= last; n++ {
		rooms = append(rooms, exam.Room{Number: n, Capacity: exam.RoomLimit})
		at = append(at, len(at))
	}
	err = p.Exams.SetRooms(c.Context(), s.ID, c.Version(), rooms)
	return roundPath(e, r) + "/diem-thi", fmt.Sprintf("Đã lưu %d phòng của điểm thi %s.", len(rooms), s.Code), renumber(err, "room.", at)
}
