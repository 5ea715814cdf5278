package peopleweb

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

const accountsPath = "/quan-tri/tai-khoan"

var noPlace access.Place

type accountRow struct {
	people.Account
	Unit string
	Tag  ui.Tag
}

type accountsData struct {
	Form    ui.Form // search and role
	Roles   []ui.Option
	Rows    []accountRow
	More    string // address of the next page, "" at the end
	CanEdit bool
}

type accountFormData struct {
	Form    ui.Form
	Account people.Account // without ID for a new one
	Units   []string       // names
}

type grantRow struct {
	people.Grant
	Title, Place string
	Tag          ui.Tag
	Standing     bool
}

type accountData struct {
	Account  people.Account
	Unit     string
	Tag      ui.Tag
	Grants   []grantRow
	Sheets   []people.CodeSheet
	Tokens   []people.Token
	Sessions []people.Session
	SiteRole bool // holds one
	Codes    bool // and it logs in with printed codes here
	CanEdit  bool
	Self     bool
	Today    string
}

type linkData struct {
	Account people.Account
	Address string
	Until   int64
}

type linksData struct {
	Links   []people.IssuedLink
	BaseURL string
}

// Address gives a link as it is typed or scanned.
func (d linksData) Address(l people.IssuedLink) string {
	return d.BaseURL + people.PasswordLinkPath(l.Token)
}

type grantData struct {
	Form          ui.Form
	Account       people.Account
	Roles, Places []ui.Option
}

type disableData struct {
	Form    ui.Form
	Account people.Account
}

type sheetFormData struct {
	Form    ui.Form
	Account people.Account
}

type sheetData struct {
	Account people.Account
	Sheet   people.CodeSheet
	Rows    [][]numbered // four codes a row, so that the longest sheet is one A4 page
}

type numbered struct {
	Number int
	Code   string
}

type tokenFormData struct {
	Form    ui.Form
	Account people.Account
}

type tokenData struct {
	Account people.Account
	Token   people.Token
	Secret  string
}

var (
	accountsPage    = ui.New[accountsData](files, "pages/tai-khoan.html")
	accountFormPage = ui.New[accountFormData](files, "pages/tai-khoan-sua.html")
	accountPage     = ui.New[accountData](files, "pages/tai-khoan-xem.html", "pages/phien-bang.html")
	linkPage        = ui.New[linkData](files, "pages/tai-khoan-lien-ket.html")
	linksPage       = ui.New[linksData](files, "pages/tai-khoan-phieu.html")
	grantPage       = ui.New[grantData](files, "pages/tai-khoan-vai-tro.html")
	disablePage     = ui.New[disableData](files, "pages/tai-khoan-khoa.html")
	sheetFormPage   = ui.New[sheetFormData](files, "pages/tai-khoan-phieu-ma.html")
	sheetPage       = ui.New[sheetData](files, "pages/phieu-ma.html")
	tokenFormPage   = ui.New[tokenFormData](files, "pages/tai-khoan-ma-truy-cap.html")
	tokenPage       = ui.New[tokenData](files, "pages/ma-truy-cap.html")
)

func (p *Pages) registerAccounts(o *web.Office) {
	read, manage := people.ActPeopleRead, people.ActPeopleManage
	one := accountsPath + "/{id}"
	o.GET(accountsPath, read, p.accounts)
	formPage[accountFormData]{view: accountFormPage, data: p.accountFormData, do: p.createAccount}.register(o, accountsPath+"/moi", manage)
	o.POST(accountsPath+"/lien-ket", manage, p.links, web.Timeout(2*time.Minute))
	o.GET(one, read, p.account)
	formPage[accountFormData]{view: accountFormPage, values: p.accountValues, data: p.accountFormData, do: p.updateAccount}.register(o, one+"/sua", manage)
	formPage[grantData]{view: grantPage, data: p.grantData, do: p.grant}.register(o, one+"/vai-tro", manage)
	formPage[disableData]{view: disablePage, do: p.disable, data: func(c *web.Ctx, form ui.Form) (disableData, error) {
		a, err := p.accountOf(c)
		return disableData{form, a}, err
	}}.register(o, one+"/khoa", manage)
	o.POST(one+"/vai-tro/{grant}", manage, p.revoke)
	o.POST(one+"/mo", manage, p.enable)
	o.POST(one+"/lien-ket", manage, p.link)
	o.POST(one+"/hai-lop", manage, p.resetFactor)
	o.POST(one+"/phien/{session}", manage, p.endSession)
	sheet := formPage[sheetFormData]{view: sheetFormPage, values: p.sheetValues, data: p.sheetFormData}
	o.GET(one+"/phieu-ma", manage, sheet.get)
	o.POST(one+"/phieu-ma", manage, p.createSheet)
	o.POST(one+"/phieu-ma/{sheet}", manage, p.revokeSheet)
	token := formPage[tokenFormData]{view: tokenFormPage, data: p.tokenFormData}
	o.GET(one+"/ma-truy-cap", manage, token.get)
	o.POST(one+"/ma-truy-cap", manage, p.createToken)
	o.POST(one+"/ma-truy-cap/{token}", manage, p.revokeToken)
}

func (p *Pages) accountOf(c *web.Ctx) (people.Account, error) {
	return p.People.Account(c.Context(), people.AccountID(c.Path("id")))
}

func path(c *web.Ctx) string { return accountsPath + "/" + c.Path("id") }

const accountsPerPage = 100

func (p *Pages) accounts(c *web.Ctx) error {
	w := people.AccountQuery{Search: c.Text("q"), Role: access.Role(c.Text("vai-tro")), After: c.Text("sau"), Limit: accountsPerPage + 1}
	all, err := p.People.Accounts(c.Context(), w)
	if err != nil {
		return err
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return err
	}
	values := url.Values{"q": {w.Search}, "vai-tro": {string(w.Role)}}
	data := accountsData{Form: c.NewForm(values, 0), Roles: roleOptions("Mọi vai trò"), CanEdit: c.Can(people.ActPeopleManage, noPlace)}
	if len(all) > accountsPerPage {
		all = all[:accountsPerPage]
		values.Set("sau", string(all[len(all)-1].ID))
		data.More = accountsPath + "?" + values.Encode()
	}
	for _, a := range all {
		data.Rows = append(data.Rows, accountRow{a, d.Short(a.Unit, p.today()), accountTag(a)})
	}
	return c.Render(accountsPage.With(data))
}

func accountTag(a people.Account) ui.Tag {
	switch {
	case a.DisabledAt != 0:
		return ui.Tag{Tone: ui.Bad, Word: "Đã khóa"}
	case !a.HasPassword:
		return ui.Tag{Tone: ui.Warn, Word: "Chưa có mật khẩu"}
	case a.Temporary:
		return ui.Tag{Tone: ui.Warn, Word: "Mật khẩu tạm"}
	}
	return ui.Tag{Tone: ui.OK, Word: "Đang dùng"}
}

func roleOptions(none string) []ui.Option {
	out := []ui.Option{{Value: "", Label: none}}
	groups := map[access.ScopeKind]string{access.Department: "Toàn Sở", access.Council: "Hội đồng thi", access.Site: "Điểm thi", access.Unit: "Đơn vị"}
	for _, r := range people.Roles() {
		out = append(out, ui.Option{Value: string(r.Role), Label: r.Title, Group: groups[r.Scopes[0]]})
	}
	return out
}

func (p *Pages) accountValues(c *web.Ctx) (url.Values, int, error) {
	a, err := p.accountOf(c)
	if err != nil {
		return nil, 0, err
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return nil, 0, err
	}
	return url.Values{"name": {a.Name}, "unit": {p.unitText(d, a.Unit)}, "email": {a.Email}, "phone": {a.Phone}}, a.Version, nil
}

func (p *Pages) accountFormData(c *web.Ctx, form ui.Form) (data accountFormData, err error) {
	data.Form = form
	if c.Path("id") != "" {
		if data.Account, err = p.accountOf(c); err != nil {
			return data, err
		}
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return data, err
	}
	data.Units = p.unitNames(d, "")
	return data, nil
}

func (p *Pages) accountForm(c *web.Ctx) (people.AccountForm, error) {
	f := people.AccountForm{Username: c.Text("username"), Name: c.Text("name"), Unit: p.unitNamed(c, "unit"), Email: c.Text("email"), Phone: c.Text("phone")}
	return f, c.Err()
}

func (p *Pages) createAccount(c *web.Ctx) (next, flash string, err error) {
	f, err := p.accountForm(c)
	if err != nil {
		return "", "", err
	}
	id, err := p.People.CreateAccount(c.Context(), f)
	return accountsPath + "/" + string(id), "Đã thêm tài khoản của " + f.Name + ". Hãy giao vai trò và tạo đường dẫn đặt mật khẩu.", err
}

func (p *Pages) updateAccount(c *web.Ctx) (next, flash string, err error) {
	f, err := p.accountForm(c)
	if err != nil {
		return "", "", err
	}
	err = p.People.UpdateAccount(c.Context(), people.AccountID(c.Path("id")), c.Version(), f)
	return path(c), "Đã lưu tài khoản.", err
}

func (p *Pages) account(c *web.Ctx) error {
	a, err := p.accountOf(c)
	if err != nil {
		return err
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return err
	}
	data := accountData{Account: a, Unit: d.Name(a.Unit, p.today()), Tag: accountTag(a), CanEdit: c.Can(people.ActPeopleManage, noPlace),
		Self: c.Actor().Person == string(a.ID), Today: p.today()}
	if data.Grants, err = p.grantRows(c, d, a.ID); err != nil {
		return err
	}
	data.SiteRole = slices.ContainsFunc(data.Grants, func(g grantRow) bool { return g.Scope.Kind == access.Site && g.RevokedAt == 0 })
	data.Codes = slices.ContainsFunc(data.Grants, func(g grantRow) bool { return g.RevokedAt == 0 && p.People.FactorOf(g.Role) == people.PrintedCode })
	if data.Sheets, err = p.People.CodeSheets(c.Context(), a.ID); err != nil {
		return err
	}
	if data.Tokens, err = p.People.Tokens(c.Context(), a.ID); err != nil {
		return err
	}
	if data.CanEdit {
		if data.Sessions, err = p.People.Sessions(c.Context(), a.ID); err != nil {
			return err
		}
	}
	return c.Render(accountPage.With(data))
}

func (p *Pages) grantRows(c *web.Ctx, d *people.Directory, id people.AccountID) ([]grantRow, error) {
	grants, err := p.People.Grants(c.Context(), id)
	if err != nil {
		return nil, err
	}
	sites, err := p.People.ScopeChoices(c.Context(), access.Site)
	if err != nil {
		return nil, err
	}
	now := clock.Millis(p.Clock.Now())
	var rows []grantRow
	for _, g := range grants {
		row := grantRow{Grant: g, Title: people.RoleTitle(g.Role), Standing: g.RevokedAt == 0 && (g.Until == 0 || g.Until > now)}
		switch g.Scope.Kind {
		case access.Unit:
			row.Place = d.Name(people.UnitID(g.Scope.ID), p.today())
		case access.Site:
			if i := slices.IndexFunc(sites, func(n people.Named) bool { return n.ID == g.Scope.ID }); i >= 0 {
				row.Place = sites[i].Name
			}
		case access.Council:
			row.Place = "Hội đồng thi"
		default:
			row.Place = "Toàn Sở"
		}
		switch {
		case g.RevokedAt != 0:
			row.Tag = ui.Tag{Word: "Đã thu hồi"}
		case g.Valid(now):
			row.Tag = ui.Tag{Tone: ui.OK, Word: "Có hiệu lực"}
		case g.From > now:
			row.Tag = ui.Tag{Tone: ui.Info, Word: "Chưa đến ngày"}
		default:
			row.Tag = ui.Tag{Word: "Hết hạn"}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (p *Pages) grantData(c *web.Ctx, form ui.Form) (grantData, error) {
	a, err := p.accountOf(c)
	if err != nil {
		return grantData{}, err
	}
	data := grantData{Form: form, Account: a, Roles: roleOptions("– chọn –"), Places: []ui.Option{{Value: "", Label: "Toàn Sở, Hội đồng thi"}}}
	for kind, group := range map[access.ScopeKind]string{access.Site: "Điểm thi", access.Unit: "Đơn vị"} {
		choices, err := p.People.ScopeChoices(c.Context(), kind)
		if err != nil {
			return grantData{}, err
		}
		for _, n := range choices {
			data.Places = append(data.Places, ui.Option{Value: string(kind) + ":" + n.ID, Label: n.Name, Group: group})
		}
	}
	slices.SortStableFunc(data.Places, func(a, b ui.Option) int { return strings.Compare(a.Group, b.Group) })
	return data, nil
}

func (p *Pages) grant(c *web.Ctx) (next, flash string, err error) {
	f := people.GrantForm{Account: people.AccountID(c.Path("id")), Role: access.Role(c.Text("role")), FirstDay: c.Day("first_day"), LastDay: c.Day("last_day"), Note: c.Text("note")}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	if kind, id, ok := strings.Cut(c.Text("scope"), ":"); ok {
		f.Scope = access.Scope{Kind: access.ScopeKind(kind), ID: id}
	} else if info, ok := people.RoleOf(f.Role); ok && (info.Scopes[0] == access.Department || info.Scopes[0] == access.Council) {
		f.Scope.Kind = info.Scopes[0]
	}
	_, err = p.People.GrantRole(c.Context(), f)
	return path(c), "Đã giao vai trò “" + people.RoleTitle(f.Role) + "”.", err
}

func (p *Pages) revoke(c *web.Ctx) error {
	if err := p.People.RevokeGrant(c.Context(), people.GrantID(c.Path("grant")), c.Text("why")); err != nil {
		return err
	}
	return c.See(path(c), "Đã thu hồi vai trò.")
}

func (p *Pages) disable(c *web.Ctx) (next, flash string, err error) {
	err = p.People.DisableAccount(c.Context(), people.AccountID(c.Path("id")), c.Text("why"))
	return path(c), "Đã khóa tài khoản. Mọi phiên của tài khoản đã kết thúc.", err
}

func (p *Pages) enable(c *web.Ctx) error {
	if err := p.People.EnableAccount(c.Context(), people.AccountID(c.Path("id"))); err != nil {
		return err
	}
	return c.See(path(c), "Đã mở khóa tài khoản.")
}

func (p *Pages) link(c *web.Ctx) error {
	a, err := p.accountOf(c)
	if err != nil {
		return err
	}
	token, until, err := p.People.NewPasswordLink(c.Context(), a.ID)
	if err != nil {
		return err
	}
	return c.Render(linkPage.With(linkData{a, p.BaseURL + people.PasswordLinkPath(token), until}))
}

// links answers with slips to print and cut, one for each account without password.
func (p *Pages) links(c *web.Ctx) error {
	all, err := p.People.LinksForNewAccounts(c.Context())
	if err != nil {
		return err
	}
	return c.Render(linksPage.With(linksData{all, p.BaseURL}))
}

func (p *Pages) resetFactor(c *web.Ctx) error {
	if err := p.People.ResetFactor(c.Context(), people.AccountID(c.Path("id"))); err != nil {
		return err
	}
	return c.See(path(c), "Đã gỡ ứng dụng xác thực. Người dùng đăng ký lại ở lần đăng nhập tới.")
}

func (p *Pages) endSession(c *web.Ctx) error {
	if err := p.People.EndSession(c.Context(), people.AccountID(c.Path("id")), people.SessionID(c.Path("session"))); err != nil {
		return err
	}
	return c.See(path(c), "Phiên đã kết thúc.")
}

func (p *Pages) sheetValues(c *web.Ctx) (url.Values, int, error) {
	return url.Values{"count": {"20"}, "first_day": {p.today()}}, 0, nil
}

func (p *Pages) sheetFormData(c *web.Ctx, form ui.Form) (sheetFormData, error) {
	a, err := p.accountOf(c)
	return sheetFormData{form, a}, err
}

// createSheet answers with the sheet to print: the codes cannot be shown a second time.
func (p *Pages) createSheet(c *web.Ctx) error {
	a, err := p.accountOf(c)
	if err != nil {
		return err
	}
	first, last, n := c.Day("first_day"), c.Day("last_day"), c.Int("count")
	var sheet people.CodeSheet
	var codes []string
	if err = c.Err(); err == nil {
		sheet, codes, err = p.People.CreateCodeSheet(c.Context(), a.ID, first, last, int(min(n, 1000)))
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return sheetFormPage.With(sheetFormData{form, a}), nil })
	}
	data := sheetData{Account: a, Sheet: sheet}
	for i, code := range codes {
		if i%4 == 0 {
			data.Rows = append(data.Rows, nil)
		}
		last := &data.Rows[len(data.Rows)-1]
		*last = append(*last, numbered{i + 1, code})
	}
	return c.Render(sheetPage.With(data))
}

func (p *Pages) revokeSheet(c *web.Ctx) error {
	if err := p.People.RevokeCodeSheet(c.Context(), people.AccountID(c.Path("id")), people.SheetID(c.Path("sheet"))); err != nil {
		return err
	}
	return c.See(path(c), "Đã hủy phiếu mã.")
}

func (p *Pages) tokenFormData(c *web.Ctx, form ui.Form) (tokenFormData, error) {
	a, err := p.accountOf(c)
	return tokenFormData{form, a}, err
}

func (p *Pages) createToken(c *web.Ctx) error {
	a, err := p.accountOf(c)
	if err != nil {
		return err
	}
	last := c.Day("last_day")
	var x people.Token
	var secret string
	if err = c.Err(); err == nil {
		x, secret, err = p.People.CreateToken(c.Context(), a.ID, c.Text("name"), splitWords(c.Text("scope")), last)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return tokenFormPage.With(tokenFormData{form, a}), nil })
	}
	return c.Render(tokenPage.With(tokenData{a, x, secret}))
}

func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

func (p *Pages) revokeToken(c *web.Ctx) error {
	if err := p.People.RevokeToken(c.Context(), people.AccountID(c.Path("id")), people.TokenID(c.Path("token"))); err != nil {
		return err
	}
	return c.See(path(c), "Đã thu hồi mã truy cập.")
}
