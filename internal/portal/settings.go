package portal

import (
	"context"
	"fmt"
	"net/mail"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

// The actions on what the site says of itself.
const (
	ActSettings     access.Action = "portal.settings"      // change it
	ActSettingsRead access.Action = "portal.settings.read" // see the page of it
)

// Settings is what the office says of itself on every page.
type Settings struct {
	Person   string // who answers for the content by name and post, L-1; may be empty
	Legal    string // licence or notice of the portal, L-1; may be empty
	Security string // mail address or page for reports of weaknesses (RFC 9116); may be empty
	Invented string // when not empty, every page says that this is a demonstration, and on request this: what of it is real
	Version  int
	Changed  int64 // ms; 0 = never
}

// Settings reads what the office says of itself. It is shown to everyone and needs no right.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	return readSettings(ctx, s.DB.Read())
}

// SaveSettings changes what the office says of itself and redraws every page that says it.
//
// It returns fault.Denied or fault.NotFound unless the actor administers the system, fault.Invalid with the wrong
// fields, and fault.Conflict when someone saved since version was read.
func (s *Service) SaveSettings(ctx context.Context, n Settings) error {
	ctx, err := s.Policy.Enter(ctx, ActSettings, access.Place{})
	if err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := writeSettings(ctx, tx, n); err != nil {
			return err
		}
		if err := s.Publisher.TouchAll(ctx, tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: string(ActSettings), Kind: "settings", ID: "1", Label: "Thông tin chung của trang",
			Data: map[string]string{"version": strconv.Itoa(n.Version + 1)}})
	})
}

func (n Settings) check() error {
	var wrong []fault.Field
	add := func(name, message string) { wrong = append(wrong, fault.Field{Name: name, Message: message}) }
	for _, f := range []struct {
		name, value string
		most        int
	}{{"person", n.Person, 300}, {"legal", n.Legal, 300}, {"invented", n.Invented, 900}} {
		if len([]rune(f.value)) > f.most {
			add(f.name, fmt.Sprintf("Nội dung dài quá %d ký tự; hãy rút gọn.", f.most))
		}
	}
	if n.Security != "" && !strings.HasPrefix(n.Security, "https://") {
		if _, err := mail.ParseAddress(n.Security); err != nil {
			add("security", "Hãy ghi một địa chỉ thư điện tử, hoặc địa chỉ trang bắt đầu bằng https://.")
		}
	}
	return fault.Fields(wrong...)
}

// Rules is what this capability adds to the permission table.
func Rules() []access.Rule {
	const source = "domain.md 2.4: users, roles, settings"
	return []access.Rule{
		{Action: ActSettingsRead, Title: "Xem thông tin chung của trang", Source: source,
			Roles: map[access.Role]access.Level{people.RoleAdmin: access.All, people.RoleAuditor: access.All}},
		{Action: ActSettings, Title: "Sửa thông tin chung của trang", Source: source, Read: ActSettingsRead,
			Roles: map[access.Role]access.Level{people.RoleAdmin: access.All}},
	}
}

func readSettings(ctx context.Context, q db.Queryer) (Settings, error) {
	return db.One(ctx, q, func(s db.Scanner) (n Settings, err error) {
		return n, s.Scan(&n.Person, &n.Legal, &n.Security, &n.Invented, &n.Version, &n.Changed)
	}, "SELECT person, legal, security, invented, version, changed FROM portal_settings WHERE id = 1")
}

func writeSettings(ctx context.Context, tx *db.Tx, n Settings) error {
	return db.Exec1(ctx, tx, `UPDATE portal_settings SET person = $1, legal = $2, security = $3, invented = $4,
		version = version + 1, changed = $5 WHERE id = 1 AND version = $6`,
		n.Person, n.Legal, n.Security, n.Invented, tx.Now(), n.Version)
}
