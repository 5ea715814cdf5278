package peopleweb

import (
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

// A logRow is an audit line in words.
type logRow struct {
	audit.Line
	Title   string // what was done
	Changes string // "vai trò: …; phạm vi: …"
}

type logData struct {
	Form  ui.Form
	Lines []logRow
	More  string
	All   string      // the address without filters, "" when there are none
	Query [][2]string // for the export's form
}

var logPage = ui.New[logData](files, "pages/nhat-ky.html")

const linesPerPage = 100

func logQuery(c *web.Ctx) (people.LogQuery, url.Values) {
	w := people.LogQuery{Kind: c.Text("loai"), Object: c.Text("ma"), Action: c.Text("viec"), Person: c.Text("nguoi"), FirstDay: c.Day("tu"), LastDay: c.Day("den")}
	values := url.Values{}
	for _, name := range []string{"loai", "ma", "viec", "nguoi", "tu", "den"} {
		if v := c.Text(name); v != "" {
			values.Set(name, v)
		}
	}
	return w, values
}

func (p *Pages) log(c *web.Ctx) error {
	w, values := logQuery(c)
	w.Before, _ = strconv.ParseInt(c.Text("truoc"), 10, 64) // what is no number starts at the newest
	w.Limit = linesPerPage + 1
	data := logData{Form: c.NewForm(values, 0)}
	data.Form.Wrong = fault.FieldsOf(c.Err())
	lines, err := p.People.AuditLog(c.Context(), w)
	if err != nil {
		return err
	}
	for name := range values {
		data.Query = append(data.Query, [2]string{name, values.Get(name)})
		data.All = "/quan-tri/nhat-ky"
	}
	if len(lines) > linesPerPage {
		lines = lines[:linesPerPage]
		values.Set("truoc", strconv.FormatInt(lines[len(lines)-1].Seq, 10))
		data.More = "/quan-tri/nhat-ky?" + values.Encode()
	}
	for _, l := range lines {
		data.Lines = append(data.Lines, logRow{l, p.actionTitle(l.Action), changes(l.Data)})
	}
	return c.Render(logPage.With(data))
}

// actionTitles say in Vietnamese what this capability writes into the log.
var actionTitles = map[string]string{
	"people.login": "Đăng nhập", "people.login.slowed": "Đăng nhập sai nhiều lần, đã làm chậm", "people.session.end": "Kết thúc phiên",
	"people.password.set": "Đặt mật khẩu", "people.password.change": "Đổi mật khẩu", "people.password.link": "Tạo đường dẫn đặt mật khẩu",
	"people.factor.enrol": "Đăng ký ứng dụng xác thực", "people.factor.reset": "Gỡ ứng dụng xác thực",
	"people.recovery.new": "Tạo mã dự phòng", "people.recovery.use": "Dùng mã dự phòng",
	"people.codes.print": "In phiếu mã", "people.codes.revoke": "Hủy phiếu mã", "people.token.create": "Tạo mã truy cập", "people.token.revoke": "Thu hồi mã truy cập",
	"people.account.create": "Thêm tài khoản", "people.account.update": "Sửa tài khoản", "people.account.disable": "Khóa tài khoản", "people.account.enable": "Mở khóa tài khoản",
	"people.role.grant": "Giao vai trò", "people.role.revoke": "Thu hồi vai trò",
	"people.unit.create": "Thêm đơn vị", "people.unit.update": "Sửa đơn vị", "people.unit.rename": "Đổi tên đơn vị", "people.unit.merge": "Hợp nhất đơn vị",
	"people.function": "Chọn đơn vị phụ trách", "people.locality.create": "Thêm địa phương", "people.locality.update": "Sửa địa phương",
	"people.import": "Nhập từ bảng tính", "people.audit.export": "Tải nhật ký",
}

// actionTitle gives what an audit line says was done: our own words, those of the permission table, or
// the action itself.
func (p *Pages) actionTitle(action string) string {
	if t := actionTitles[action]; t != "" {
		return t
	}
	for _, r := range p.Policy.Rules() {
		if string(r.Action) == action {
			return r.Title
		}
	}
	return action
}

// changes gives a line's data as text; what is empty is left out.
func changes(data string) string {
	var fields map[string]string
	if err := json.Unmarshal([]byte(data), &fields); err != nil {
		return data
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != "" {
			parts = append(parts, name+": "+fields[name])
		}
	}
	return strings.Join(parts, "; ")
}

func (p *Pages) exportLog(c *web.Ctx) error {
	w, _ := logQuery(c)
	if err := c.Err(); err != nil {
		return err
	}
	return c.Download("nhật ký.csv", func(out io.Writer) error { return p.People.ExportAuditLog(c.Context(), w, out) })
}
