package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web/ui"
)

// Render answers with an office page: c.Render(listPage.With(data)).
func (c *Ctx) Render(page ui.Filled) error {
	body, err := page(c.frame())
	if err != nil {
		return err
	}
	c.send("text/html; charset=utf-8", body)
	return nil
}

// JSON answers with v, for the machine interface and scripts.
func (c *Ctx) JSON(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.send("application/json", append(body, '\n'))
	return nil
}

func (c *Ctx) send(kind string, body []byte) {
	h := c.W.Header()
	h.Set("Content-Type", kind)
	if c.route.compressed && c.R.Method == http.MethodGet && takesPacked(c.R) {
		h.Set("Content-Encoding", "gzip")
		body = packed(body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.W.WriteHeader(max(c.status, http.StatusOK))
	c.W.Write(body) // the client may have gone; there is nobody left to tell
}

func (c *Ctx) frame() ui.OfficeFrame {
	f := ui.OfficeFrame{Path: c.R.URL.Path, Logout: LogoutPath, Account: c.office.Account, Roles: c.session.Roles}
	if c.office.Site != nil {
		f.Site = c.office.Site(c.Context())
	}
	if actor := c.Actor(); actor.Person != "" && c.session.Due == "" {
		f.Person = actor.Name
		if c.office.Nav != nil {
			f.Groups = c.office.Nav(c.Context())
		}
	}
	if text := c.takeFlash(); text != "" {
		f.Flashes = []ui.Notice{{Tone: ui.OK, Text: text}}
	}
	return f
}

// See sends the reader on after a save (303), with a message for the next page; "" for none.
func (c *Ctx) See(path, flash string, args ...any) error {
	if len(args) > 0 {
		flash = fmt.Sprintf(flash, args...)
	}
	c.setFlash(flash)
	c.saved = path
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// NewForm makes a page's form showing values as they are stored, to be saved over version (0 when
// the thing is new).
func (c *Ctx) NewForm(values url.Values, version int) ui.Form {
	f := ui.NewForm(values)
	f.Once, f.Version = db.NewID(), version
	return f
}

// sent makes a page's form showing what was just sent.
func (c *Ctx) sent() ui.Form {
	f := c.NewForm(c.R.PostForm, c.Version())
	f.Wrong = c.wrong
	return f
}

// Again sends a refused form back to the reader, filled as it was sent and with what is wrong: for
// fault.Invalid with status 422, for fault.Conflict, fault.Busy and fault.TooLarge with theirs. draw
// makes the page from the form. Every other error is returned as it is.
func (c *Ctx) Again(err error, draw func(ui.Form) (ui.Filled, error)) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.Busy, fault.TooLarge:
	default:
		return err
	}
	form := c.sent()
	form.Link = fault.LinkOf(err)
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		form.Wrong = fields
	} else {
		form.Problem = fault.Message(err)
	}
	page, drawErr := draw(form)
	if drawErr != nil {
		return drawErr
	}
	c.refused = true
	c.status = fault.KindOf(err).Status()
	return c.Render(page)
}

// Preview sends a form back that is not to be saved yet, filled as it was sent; the same form may
// then be sent again to be saved. draw makes the page from the form.
func (c *Ctx) Preview(draw func(ui.Form) (ui.Filled, error)) error {
	page, err := draw(c.sent())
	if err != nil {
		return err
	}
	c.refused = true
	return c.Render(page)
}
