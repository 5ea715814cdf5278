package reportsweb

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/publish"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// open lets pages of other sites read the figures in their visitors' browsers.
var open = [][2]string{{"Access-Control-Allow-Origin", "*"}}

// The figures as other sites read them (docs in OpenAPI below). Fields are added, never renamed.
type (
	situationJSON struct {
		Exam     examJSON      `json:"exam"`
		Sittings []sittingJSON `json:"sittings"`
	}
	examJSON struct {
		Year int    `json:"year"`
		Name string `json:"name"`
	}
	sittingJSON struct {
		Sitting string   `json:"sitting"`
		URL     string   `json:"url"`
		Exam    examJSON `json:"exam"`
		Round   string   `json:"round"`
		Day     string   `json:"day"`
		Half    string   `json:"half"`
		Title   string   `json:"title"`
		EndsAt  string   `json:"endsAt"`
		State   string   `json:"state"`
		*issueJSON
		Corrections []correctionJSON `json:"corrections"`
	}
	issueJSON struct {
		Version     int        `json:"version"`
		Part        string     `json:"part"`
		AsOf        string     `json:"asOf"`
		PublishedAt string     `json:"publishedAt"`
		Provisional bool       `json:"provisional"`
		Sites       sitesJSON  `json:"sites"`
		Lines       []lineJSON `json:"lines"`
		Staff       []wordJSON `json:"staffViolations,omitempty"`
		Incidents   []wordJSON `json:"incidents,omitempty"`
	}
	sitesJSON struct {
		Expected     int      `json:"expected"`
		Reported     int      `json:"reported"`
		Missing      int      `json:"missing"`
		NotHeld      int      `json:"notHeld"`
		MissingNames []string `json:"missingNames,omitempty"`
		NotHeldNames []string `json:"notHeldNames,omitempty"`
	}
	lineJSON struct {
		Name       string          `json:"name"`
		Subject    string          `json:"subject,omitempty"`
		Registered int64           `json:"registered"`
		Present    int64           `json:"present"`
		Absent     int64           `json:"absent"`
		Percent    *float64        `json:"percent,omitempty"`
		Rooms      int64           `json:"rooms"`
		Reasons    []wordJSON      `json:"absenceReasons,omitempty"`
		Violations *violationsJSON `json:"violations,omitempty"`
	}
	violationsJSON struct {
		Reprimanded int64 `json:"reprimanded"`
		Warned      int64 `json:"warned"`
		Suspended   int64 `json:"suspended"`
	}
	wordJSON struct {
		Name  string `json:"name"`
		Count int64  `json:"count"`
	}
	correctionJSON struct {
		Version     int          `json:"version"`
		Part        string       `json:"part"`
		Kind        string       `json:"kind"`
		PublishedAt string       `json:"publishedAt"`
		AsOf        string       `json:"asOf"`
		Changes     []changeJSON `json:"changes"`
	}
	changeJSON struct {
		What   string `json:"what"`
		Before int64  `json:"before"`
		After  int64  `json:"after"`
	}
)

var parts = map[rules.Part]string{rules.Attendance: "attendance", rules.Closing: "close"}

func stamp(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format(time.RFC3339) }

// jsonOf gives a sitting as other sites read it.
func (v yearView) jsonOf(b reports.Bulletin) sittingJSON {
	half := "chieu"
	if b.Sitting.Half == exam.Morning {
		half = "sang"
	}
	j := sittingJSON{Sitting: b.Slug, URL: v.base() + v.path(page(b)), Exam: examJSON{v.Year, v.FullName()}, Round: b.Round.Name, Day: b.Sitting.Day, Half: half,
		Title: b.Sitting.Title(), EndsAt: stamp(b.Sitting.EndsAt()), State: string(b.Stage), Corrections: []correctionJSON{}}
	now, ok := b.Now()
	if !ok {
		return j
	}
	j.issueJSON = &issueJSON{Version: now.Number, Part: parts[now.Part], AsOf: stamp(now.AsOf), PublishedAt: stamp(now.PublishedAt), Provisional: now.Provisional(),
		Sites: sitesJSON{now.Expected, now.Reported, now.Missing, now.NotHeld, now.MissingNames, now.NotHeldNames}, Lines: []lineJSON{},
		Staff: wordsJSON(now.Staff), Incidents: wordsJSON(now.Incidents)}
	for _, l := range now.Lines {
		line := lineJSON{Name: l.Name, Subject: l.Subject, Registered: l.Registered, Present: l.Present, Absent: l.Absent, Rooms: l.Rooms, Reasons: wordsJSON(l.Why)}
		if l.Registered > 0 {
			percent := math.Round(float64(l.Present)*10_000/float64(l.Registered)) / 100
			line.Percent = &percent
		}
		if l.Judged {
			line.Violations = &violationsJSON{l.Reprimanded, l.Warned, l.Suspended}
		}
		j.Lines = append(j.Lines, line)
	}
	for _, i := range b.Issues {
		if i.Kind == reports.FirstIssue {
			continue
		}
		c := correctionJSON{Version: i.Number, Part: parts[i.Part], Kind: string(i.Kind), PublishedAt: stamp(i.PublishedAt), AsOf: stamp(i.AsOf), Changes: []changeJSON{}}
		for _, x := range i.Changed {
			c.Changes = append(c.Changes, changeJSON{x.What, x.Before, x.After})
		}
		j.Corrections = append(j.Corrections, c)
	}
	return j
}

func wordsJSON(sums []reports.WordSum) []wordJSON {
	var all []wordJSON
	for _, w := range sums {
		all = append(all, wordJSON{w.Name, w.N})
	}
	return all
}

func (v yearView) jsonPage(path string, what any, modified int64) (publish.Page, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(what)
	return publish.Page{Path: path, Type: "application/json; charset=utf-8", Body: b.Bytes(), Modified: modified, NoIndex: true, Headers: open}, err
}

// OpenAPI describes the figures for other sites, as path items of OpenAPI 3.1 by their paths.
func OpenAPI() map[string]any {
	type object = map[string]any
	kind := func(kind, what string) object { return object{"type": kind, "description": what} }
	list := func(of object) object { return object{"type": "array", "items": of} }
	words := list(object{"type": "object", "required": []string{"name", "count"}, "properties": object{"name": kind("string", "Vietnamese"), "count": kind("integer", "")}})
	examOf := object{"type": "object", "properties": object{"year": kind("integer", ""), "name": kind("string", "")}}
	line := object{"type": "object", "required": []string{"name", "registered", "present", "absent"}, "properties": object{
		"name": kind("string", "of the paper or component"), "subject": kind("string", "its code, ngu_van, toan …"), "registered": kind("integer", ""), "present": kind("integer", ""),
		"absent": kind("integer", ""), "percent": kind("number", "present of registered, two decimals; absent without any registered"), "rooms": kind("integer", ""),
		"absenceReasons": words, "violations": object{"type": "object", "description": "only where the Council publishes them",
			"properties": object{"reprimanded": kind("integer", ""), "warned": kind("integer", ""), "suspended": kind("integer", "")}}}}
	change := object{"type": "object", "properties": object{"what": kind("string", "Vietnamese"), "before": kind("integer", ""), "after": kind("integer", "")}}
	correction := object{"type": "object", "properties": object{"version": kind("integer", ""), "part": kind("string", ""), "publishedAt": kind("string", "RFC 3339"), "asOf": kind("string", "RFC 3339"),
		"kind": object{"type": "string", "enum": []reports.IssueKind{reports.AtClose, reports.Supplement, reports.Correction, reports.Completed}}, "changes": list(change)}}
	sites := object{"type": "object", "description": "missing is not zero", "properties": object{"expected": kind("integer", ""), "reported": kind("integer", ""), "missing": kind("integer", ""),
		"notHeld": kind("integer", ""), "missingNames": list(kind("string", "")), "notHeldNames": list(kind("string", ""))}}
	sitting := object{"type": "object", "required": []string{"sitting", "url", "state", "corrections"}, "properties": object{
		"sitting": kind("string", "permanent, 2021-07-07-sang"), "url": kind("string", "the page"), "exam": examOf, "round": kind("string", ""), "day": kind("string", "2006-01-02"),
		"half": object{"type": "string", "enum": []string{"sang", "chieu"}}, "title": kind("string", ""), "endsAt": kind("string", "RFC 3339"),
		"state": object{"type": "string", "description": "figures stand beside it when it is published",
			"enum": []reports.SittingStage{reports.StageUpcoming, reports.StageAwaited, reports.StageTold, reports.StageCancelled, reports.StageNeverTold}},
		"version": kind("integer", "of the figures, as every text that quotes them says"), "part": object{"type": "string", "enum": []string{"attendance", "close"}},
		"asOf": kind("string", "the instant the figures hold for, RFC 3339"), "publishedAt": kind("string", "RFC 3339"), "provisional": kind("boolean", "sites are missing"), "sites": sites,
		"lines": list(line), "staffViolations": words, "incidents": words, "corrections": list(correction)}}
	answer := func(what, media string, schema object) object {
		return object{"200": object{"description": what, "content": object{media: object{"schema": schema}}}}
	}
	feedOf := object{"type": "object", "description": "JSON Feed 1.1", "properties": object{"items": list(object{"type": "object"}),
		"_bangvang": object{"type": "object", "properties": object{"exam": examOf, "sittings": list(sitting)}}}}
	one := answer("the figures, or when there will be some", "application/json", sitting)
	one["404"] = object{"description": "no such sitting"}
	return object{
		"/tinh-hinh.json": object{"get": object{"operationId": "situation", "summary": "Approved and published figures of the current exam's sittings; of another year under /ky-thi/{year}",
			"security": []any{}, "responses": answer("every sitting of the exam", "application/feed+json", feedOf)}},
		"/tinh-hinh/{sitting}.json": object{"get": object{"operationId": "sittingSituation", "summary": "Approved and published figures of one sitting", "security": []any{},
			"parameters": []any{object{"name": "sitting", "in": "path", "required": true, "schema": object{"type": "string"}}}, "responses": one}},
	}
}
