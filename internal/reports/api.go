package reports

import (
	"net/http"

	"bangvang/internal/base/web"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// Scope is what a token of the machine interface must be made for.
const Scope = "site-reports"

// maxBody is more than the longest report: sixty lines with every reason, forty incidents told at length.
const maxBody = 512 << 10

// Register adds the capability's door of the machine interface to the office.
func (s *Service) Register(o *web.Office) {
	o.API(http.MethodPost, "/api/v1/site-reports", Scope, ActEnter, s.take, web.MaxBody(maxBody))
	o.API(http.MethodGet, "/api/v1/site-reports", Scope, ActEnter, s.give)
	o.API(http.MethodGet, "/api/v1/site-reports/form", Scope, ActEnter, s.giveForm)
}

// An owedItem is one sitting of a site in the machine interface's list.
type owedItem struct {
	Site    named      `json:"site"`
	Sitting named      `json:"sitting"` // code "2021-07-07-am"
	Parts   []owedPart `json:"parts"`
}

type named struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
}

type owedPart struct {
	Part    rules.Part `json:"part"`
	DueAt   int64      `json:"dueAt,omitempty"` // ms UTC
	State   Progress   `json:"state"`
	Receipt string     `json:"receipt,omitempty"` // of the report that stands
}

// give answers GET /api/v1/site-reports: what the token's account may report of, {"items": […]}.
func (s *Service) give(c *web.Ctx) error {
	all, err := s.Owing(c.Context())
	if err != nil {
		return err
	}
	items := make([]owedItem, 0, len(all))
	for _, o := range all {
		item := owedItem{Site: named{string(o.Site.ID), o.Site.Code, o.Site.Name}, Sitting: named{string(o.Sitting.ID), o.Sitting.Day + "-" + string(o.Sitting.Half), o.Sitting.Title()}}
		for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
			cell := o.Cell(part)
			p := owedPart{Part: part, DueAt: cell.DueAt, State: cell.Progress}
			if shown := cell.Shown(); shown != nil {
				p.Receipt = shown.Receipt
			}
			item.Parts = append(item.Parts, p)
		}
		items = append(items, item)
	}
	return c.JSON(map[string]any{"items": items})
}

// giveForm answers GET /api/v1/site-reports/form?site=…&sitting=…: what a report of the sitting is judged
// against, {"version", "opensAt", "dueAt", "basis"}.
func (s *Service) giveForm(c *web.Ctx) error {
	f, err := s.Form(c.Context(), exam.SiteID(c.Text("site")), exam.SittingID(c.Text("sitting")))
	if err != nil {
		return err
	}
	return c.JSON(map[string]any{"version": f.Version, "opensAt": f.OpensAt, "dueAt": f.DueAt, "basis": f.Basis})
}

// take answers POST /api/v1/site-reports: a [Submission] in, a [Receipt] out, always 200 for what is
// kept, however it compares with what was said before.
//
// Source: architecture.md 8.
func (s *Service) take(c *web.Ctx) error {
	var in Submission
	if err := c.Decode(&in); err != nil {
		return err
	}
	receipt, err := s.submit(c.Context(), in, API)
	if err != nil {
		return err
	}
	return c.JSON(receipt)
}

// OpenAPI describes the doors, as path items of OpenAPI 3.1 by path.
func OpenAPI() map[string]any {
	type object = map[string]any
	kind := func(name, what string) object { return object{"type": name, "description": what} }
	list := func(items object) object { return object{"type": "array", "items": items} }
	// A count is a number; what was typed and is none comes as text, and is refused at its field.
	count := object{"type": []string{"integer", "string", "null"}, "minimum": 0, "maximum": rules.MaxCount}
	line := object{"type": "object", "required": []string{"key", "registered", "present", "absent", "rooms"}, "properties": object{
		"key": kind("string", "the line, paper.component.turn as in the form"), "registered": count, "present": count, "absent": count, "rooms": count, "sheets": count,
		"reprimanded": count, "warned": count, "suspended": count, "why": object{"type": "object", "additionalProperties": count, "description": "the absent by reason"}}}
	incident := object{"type": "object", "required": []string{"category", "severity", "at", "what"}, "properties": object{
		"category": kind("string", "paper, health, …"), "severity": object{"type": "string", "enum": []string{"minor", "major", "severe"}},
		"at": kind("string", "08:10"), "what": kind("string", ""), "action": kind("string", ""), "open": kind("boolean", "not settled yet")}}
	staff := object{"type": "object", "required": []string{"kind", "count"}, "properties": object{"kind": kind("string", ""), "count": count, "note": kind("string", "")}}
	report := object{"type": "object", "required": []string{"id", "site", "sitting", "part"}, "additionalProperties": false, "properties": object{
		"id": kind("string", "made by the sender once; letters, digits, dashes"), "site": kind("string", ""), "sitting": kind("string", ""),
		"part": object{"type": "integer", "enum": []int{1, 2}, "description": "1 attendance, 2 close"}, "form": kind("string", "version of the form"),
		"notHeld": kind("string", "why the sitting was not held; then no lines"), "lines": list(line), "staff": list(staff), "incidents": list(incident),
		"noIncident": kind("boolean", "nothing happened"), "startedAt": kind("string", "07:35"), "reporter": kind("string", ""), "head": kind("string", ""), "witness": kind("string", ""),
		"onlineAt": kind("string", "09:50"), "offlineAt": kind("string", "09:55"), "note": kind("string", ""),
		"reasons":  object{"type": "object", "additionalProperties": object{"type": "string"}, "description": "what was typed for warnings, by their key"},
		"filledAt": kind("integer", "the sender's clock, ms UTC; kept and never used"),
		"amends":   kind("string", "receipt of the report this one takes the place of"), "why": kind("string", "why it is amended")}}
	receipt := object{"type": "object", "required": []string{"receipt", "id", "site", "sitting", "part", "receivedAt", "outcome", "message"}, "properties": object{
		"receipt": kind("string", "short code, the same for the same report"), "id": kind("string", ""), "site": kind("string", ""), "sitting": kind("string", ""),
		"part": kind("integer", ""), "receivedAt": kind("integer", "server's time, ms UTC"),
		"outcome": object{"type": "string", "enum": []Outcome{Received, Duplicate, Disputed}}, "first": kind("string", "of a duplicate: the receipt of what it repeats"), "message": kind("string", "Vietnamese")}}
	body := func(schema object) object { return object{"application/json": object{"schema": schema}} }
	problem := func(what string) object {
		return object{"description": what, "content": object{"application/problem+json": object{}}}
	}
	security := []any{object{"bearer": []string{Scope}}}
	name := object{"type": "object", "properties": object{"id": kind("string", ""), "code": kind("string", ""), "name": kind("string", "")}}
	owed := object{"type": "object", "properties": object{"site": name, "sitting": name, "parts": list(object{"type": "object", "properties": object{
		"part": kind("integer", ""), "dueAt": kind("integer", "ms UTC"), "state": object{"type": "string", "enum": []Progress{NotDue, Awaited, Drafting, SavedOff, Sent, Confirmed, Returned, Conflicts, Accepted, Locked}},
		"receipt": kind("string", "of the report that stands")}})}}
	query := func(name string) object {
		return object{"name": name, "in": "query", "required": true, "schema": object{"type": "string"}}
	}
	form := object{"type": "object", "properties": object{"version": kind("string", "goes into a report's form"), "opensAt": kind("integer", "ms UTC: no attendance before"),
		"dueAt": list(kind("integer", "ms UTC, by part")), "basis": kind("object", "lines with their registered candidates, and the words to choose from")}}
	return object{"/api/v1/site-reports/form": object{"get": object{"operationId": "siteReportForm", "summary": "What a report of a sitting is judged against", "security": security,
		"parameters": []any{query("site"), query("sitting")}, "responses": object{"200": object{"description": "the form", "content": body(form)}, "401": problem("no valid token"),
			"404": problem("no such site or sitting for this account")}}}, "/api/v1/site-reports": object{"get": object{"operationId": "siteReports",
		"summary": "What the token's account may report of", "security": security, "responses": object{"200": object{"description": "sittings of sites, in order of time",
			"content": body(object{"type": "object", "properties": object{"items": list(owed)}})}, "401": problem("no valid token")}}, "post": object{
		"operationId": "siteReport", "summary": "Take in a site's report of a sitting; idempotent by the report's id", "security": security,
		"requestBody": object{"required": true, "content": body(report)},
		"responses": object{
			"200": object{"description": "kept: received, a duplicate, or in conflict with another", "content": body(receipt)},
			"400": problem("not the JSON described, or cut off"), "401": problem("no valid token"), "403": problem("the token is not for this"),
			"404": problem("no such site or sitting for this account"), "413": problem("too large"), "422": problem("refused by the rules, with fields"),
		},
	}}}
}
