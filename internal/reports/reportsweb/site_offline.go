package reportsweb

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/reports"
	"bangvang/internal/reports/receipt"
	"bangvang/internal/reports/rules"
)

// The form's own files: one script with the rules inside, one sheet, and the worker that opens the page
// again when there is no network. The worker's path is its reach.
var (
	//go:embed pages/diem-thi.js
	formScript []byte
	//go:embed pages/diem-thi.css
	formStyle []byte
	//go:embed pages/ngoai-tuyen.js
	workerScript []byte

	siteScript = versioned("bieu-mau.js", "text/javascript; charset=utf-8", append(rules.Script(), formScript...))
	siteStyle  = versioned("bieu-mau.css", "text/css; charset=utf-8", formStyle)
	siteWorker = ui.Asset{Path: SitePath + "/ngoai-tuyen.js", Type: "text/javascript; charset=utf-8", Body: workerScript}
)

// versioned names a file by its content.
func versioned(name, kind string, body []byte) ui.Asset {
	sum := sha256.Sum256(body)
	stem, ext, _ := strings.Cut(name, ".")
	return ui.Asset{Path: SitePath + "/" + stem + "." + hex.EncodeToString(sum[:6]) + "." + ext, Type: kind, Body: body, Immutable: true}
}

func registerSiteAssets(o *web.Office) {
	for _, a := range []ui.Asset{siteScript, siteStyle, siteWorker} {
		o.Asset(a)
	}
}

// A siteAnswer is what the form's script learns from the server.
type siteAnswer struct {
	Now   int64        `json:"gio"` // server's time, ms UTC
	Form  string       `json:"mau"` // version of the form
	Basis *rules.Basis `json:"canCu,omitempty"`
	// Parts say what stands of each part.
	Parts [2]siteState `json:"luot"`
	// Sent is the receipt of what was just sent.
	Sent *siteState `json:"gui,omitempty"`
	// Wrong is what a report was refused for, by the fields of [rules.Finding].
	Wrong []wrongField `json:"sai,omitempty"`
	// Other names who is logged in on this machine when it is not whose page this is.
	Other string `json:"khac,omitempty"`
}

type wrongField struct {
	Field   string `json:"o"`
	Message string `json:"loi"`
}

// A siteState is a report that stands, or was returned, as the script shows it.
type siteState struct {
	ID      string   `json:"id,omitempty"` // the sender's; "" when nothing was sent
	Receipt string   `json:"ma,omitempty"`
	Aloud   string   `json:"doc,omitempty"`
	At      int64    `json:"luc,omitempty"`
	When    string   `json:"khi,omitempty"`
	Tone    ui.Tone  `json:"sac,omitempty"`
	Word    string   `json:"chu,omitempty"`
	Message string   `json:"loi,omitempty"`
	Said    []string `json:"so,omitempty"`
	Confirm string   `json:"xacNhan,omitempty"`
	Behalf  bool     `json:"thay,omitempty"`
	// Returned is the reason; the report waits to be sent again.
	Returned string    `json:"tra,omitempty"`
	Log      [4]string `json:"nhatKy,omitzero"` // on, off, who, witness
}

// sitePulse answers the form's sign of life: what stands, what time it is, whether its form is the newest.
func (p *Pages) sitePulse(c *web.Ctx) error {
	f, err := p.form(c)
	if err != nil {
		return err
	}
	if c.Text("nguoi") != personKey(c) {
		return c.JSON(siteAnswer{Now: p.Clock.Millis(), Other: c.Actor().Name})
	}
	if part := rules.Part(c.Int("luot")); part != 0 {
		slot := reports.Slot{Sitting: f.Sitting.ID, Site: f.Site.ID, Part: part}
		if err := p.Reports.Seen(c.Context(), slot, reports.Sign(c.Text("dau"))); err != nil && !fault.Is(err, fault.Denied) {
			return err
		}
	}
	return c.JSON(p.answer(c, f, c.Text("mau")))
}

// answer says what stands; known is the form's version that the page has.
func (p *Pages) answer(c *web.Ctx, f reports.Form, known string) siteAnswer {
	a := siteAnswer{Now: p.Clock.Millis(), Form: f.Version}
	if known != f.Version {
		a.Basis = &f.Basis
	}
	for i := range a.Parts {
		last := lastOf(f.Said[i])
		switch {
		case last.said != nil:
			a.Parts[i] = p.state(c, f, *last.said)
		case last.returned != nil:
			r := last.returned
			a.Parts[i] = siteState{ID: r.Said.ID, Receipt: r.Receipt, Returned: r.Note, Tone: ui.Bad, Word: "Đã trả lại"}
		}
	}
	return a
}

func (p *Pages) state(c *web.Ctx, f reports.Form, r reports.Report) siteState {
	s := p.sent(c, f, r)
	return siteState{ID: r.Said.ID, Receipt: r.Receipt, Aloud: s.Aloud, At: r.ReceivedAt, When: text.FormatDayTime(r.ReceivedAt), Tone: s.State.Tone, Word: s.State.Word, Message: s.Message,
		Said: s.Said, Confirm: s.Confirm, Behalf: r.Behalf, Log: [4]string{r.Said.OnlineAt, r.Said.OfflineAt, r.Said.Reporter, r.Said.Witness}}
}

// siteGive takes in a report that the form's script sends: a [reports.Submission] as JSON. It always
// answers what the page can show: the receipt, or what is wrong by field with the form as it is now.
func (p *Pages) siteGive(c *web.Ctx) error {
	if c.Text("nguoi") != personKey(c) {
		return answerJSON(c, http.StatusConflict, siteAnswer{Now: p.Clock.Millis(), Other: c.Actor().Name})
	}
	body, err := c.Body()
	if err != nil {
		return err
	}
	f, err := p.form(c)
	if err != nil {
		return err
	}
	var in reports.Submission
	if err := json.Unmarshal(body, &in); err != nil {
		return fault.New(fault.Invalid, "Báo cáo đến nơi không trọn vẹn. Hãy gửi lại: %w", err)
	}
	in.Site, in.Sitting = string(f.Site.ID), string(f.Sitting.ID)
	given, err := p.submit(c, in)
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		a := p.answer(c, f, in.Form)
		for _, w := range fields {
			a.Wrong = append(a.Wrong, wrongField{w.Name, w.Message})
		}
		return answerJSON(c, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	if f, err = p.Reports.Form(c.Context(), f.Site.ID, f.Sitting.ID); err != nil {
		return err
	}
	a := p.answer(c, f, in.Form)
	sent := siteState{ID: given.ID, Receipt: given.Code, Aloud: receipt.Aloud(given.Code), At: given.ReceivedAt, When: text.FormatDayTime(given.ReceivedAt), Message: given.Message,
		Said: sentences(in.Report, f.Basis), Log: [4]string{in.OnlineAt, in.OfflineAt, in.Reporter, in.Witness}}
	for _, said := range f.Said[in.Part-1] {
		if said.ID == given.Report {
			sent = p.state(c, f, said)
			if given.Outcome != reports.Received {
				sent.Message = given.Message
			}
		}
	}
	a.Sent = &sent
	return answerJSON(c, http.StatusOK, a)
}

// answerJSON answers a script with a status.
func answerJSON(c *web.Ctx, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "application/json")
	c.W.WriteHeader(status)
	c.W.Write(body) // the page may have gone; it asks again
	return nil
}
