// Package mail sends one mail to one recipient through the department's own mail server (SMTP).
//
// It keeps nothing and tries once: whoever sends keeps a row for each recipient, tries again later with
// the same Message-ID, and stops when the answer was for good ([ErrBounced], [ErrRefused]). What a server said
// is for the office to read; the server's password is in no error and no log.
//
// Bounces that come back as mails, hours later, are not read here.
//
// Start reading at [Sender.Send].
//
// Source: RFC 5321, RFC 5322; dependencies.md 1.
package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"bangvang/internal/base/text"
)

// A Message is one mail. Text is plain text; lines end with "\n".
type Message struct {
	ID          string // Message-ID without its brackets, the same whenever the same mail is tried again
	ToName, To  string
	Subject     string
	Text        string
	Date        time.Time
	Attachments []Attachment
}

// An Attachment is one file of a mail.
type Attachment struct {
	Name string // with its ending
	Type string // media type
	Data []byte
}

// A Sender sends through one server. It is safe for use by many goroutines.
type Sender struct {
	host     string
	from     netmail.Address
	options  []gomail.Option
	deadline time.Duration
}

// Ways a refusal is for good: trying again with the same address and mail would be refused again.
var (
	// ErrBounced says that the server does not take mail for this recipient (5xx at RCPT).
	ErrBounced = errors.New("mail: the recipient was refused")
	// ErrRefused says that the server does not take this mail, whoever it is for: sender not allowed, too large.
	ErrRefused = errors.New("mail: the mail was refused")
)

// patience is how long one try may take: attachments over a slow line included.
const patience = 2 * time.Minute

// New makes a sender from an address like "smtp://user:password@mail.example.vn:587" (STARTTLS is
// demanded), "smtps://…" (TLS from the first byte), or "smtp+plain://…" for a relay on this machine or
// its own network that knows no TLS. from is who the mails are from: "Sở GDĐT <vp@example.vn>".
func New(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("smtp is no address: give smtp://user:password@server:587") // the address holds a password: not repeated
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail-from is %q: give an address like \"Sở GDĐT <vp@sgddt.vn>\"", from)
	}
	s := &Sender{host: u.Hostname(), from: *sender, deadline: patience}
	port := 587
	switch u.Scheme {
	case "smtp":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtps":
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	case "smtp+plain":
		port = 25
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("smtp begins with %q: use smtp, smtps or smtp+plain", u.Scheme)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("smtp: the port is no number")
		}
	}
	s.options = append(s.options, gomail.WithPort(port), gomail.WithTimeout(patience), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithHELO(domain(sender.Address)))
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		auth := gomail.SMTPAuthAutoDiscover
		if u.Scheme == "smtp+plain" {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(name), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(s.host, s.options...); err != nil {
		return nil, fmt.Errorf("smtp: %w", err)
	}
	return s, nil
}

// domain is what stands behind the @.
func domain(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// From gives who the mails are from.
func (s *Sender) From() string { return s.from.Address }

// Domain gives the domain of who the mails are from, for Message-IDs.
func (s *Sender) Domain() string { return domain(s.from.Address) }

// Send tries once. It returns nil when the server took the mail, an error that Is [ErrBounced] or
// [ErrRefused] when it never will, and any other error when trying again later may help. The error's text
// is what the server said.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what goes wrong after the server took it does not undo that
		return nil
	}
	return judge(err)
}

func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(text.CleanInput(m.ToName), m.To); err != nil {
		return nil, err
	}
	msg.Subject(text.CleanInput(m.Subject)) // one line, so no further header
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	for _, a := range m.Attachments {
		msg.AttachReadSeeker(a.Name, bytes.NewReader(a.Data), gomail.WithFileContentType(gomail.ContentType(a.Type)))
	}
	return msg, nil
}

// judge tells what is for good from what may pass.
func judge(err error) error {
	said := err.Error()
	if m := answered.FindStringSubmatch(said); m != nil {
		said = m[1] + " " + m[2]
	}
	var send *gomail.SendError
	if errors.As(err, &send) && !send.IsTemp() && send.ErrorCode() >= 500 {
		switch send.Reason {
		case gomail.ErrSMTPRcptTo:
			return &answer{ErrBounced, said}
		case gomail.ErrSMTPMailFrom, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
			return &answer{ErrRefused, said}
		}
	}
	return errors.New(said)
}

// answered finds the server's own words in what the library says of them.
var answered = regexp.MustCompile(`\b([245]\d\d) "?(.+?)"?(?:, affected|$)`)

// An answer is a refusal with the server's words.
type answer struct {
	kind error
	said string
}

func (a *answer) Error() string { return a.said }
func (a *answer) Unwrap() error { return a.kind }
