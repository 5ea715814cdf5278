package peopleweb

import (
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

// A ruleRow says who may do one thing, by the titles of the roles.
type ruleRow struct {
	Title, Everywhere, Own string
}

type roleRow struct {
	Title, Scope, Factor, Path string
}

type rolesData struct {
	Form  ui.Form // the role whose rights are shown
	Roles []ui.Option
	Role  string // its title, "" for all
	Rules []ruleRow
	Rows  []roleRow
}

var rolesPage = ui.New[rolesData](files, "pages/vai-tro.html")

var scopeWords = map[access.ScopeKind]string{access.Department: "toàn Sở", access.Council: "Hội đồng thi", access.Site: "Điểm thi", access.Unit: "đơn vị"}

// roles shows the whole permission table as it is in force, from the policy itself. Nineteen columns
// fit no screen, so a row names the roles instead.
//
// Source: domain.md 2.4.
func (p *Pages) roles(c *web.Ctx) error {
	one := access.Role(c.Text("vai-tro"))
	data := rolesData{Form: c.NewForm(c.R.Form, 0), Roles: roleOptions("Mọi vai trò")}
	if info, ok := people.RoleOf(one); ok {
		data.Role = info.Title
	}
	for _, r := range people.Roles() {
		factor := map[people.Factor]string{people.Authenticator: "ứng dụng xác thực", people.PrintedCode: "mã in trên giấy", people.NoFactor: "không bắt buộc"}[p.People.FactorOf(r.Role)]
		data.Rows = append(data.Rows, roleRow{r.Title, scopeWords[r.Scopes[0]], factor, "/quan-tri/vai-tro?vai-tro=" + string(r.Role)})
	}
	for _, rule := range p.Policy.Rules() {
		if data.Role != "" && rule.Roles[one] == access.None {
			continue
		}
		row := ruleRow{Title: rule.Title}
		for level, cell := range map[access.Level]*string{access.All: &row.Everywhere, access.Own: &row.Own} {
			var names []string
			for _, r := range people.Roles() {
				if rule.Roles[r.Role] == level {
					names = append(names, r.Title)
				}
			}
			*cell = strings.Join(names, "; ")
		}
		data.Rules = append(data.Rules, row)
	}
	return c.Render(rolesPage.With(data))
}
