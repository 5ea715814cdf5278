package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"encoding/base64"
	"mime/quotedprintable"

	"github.com/emersion/go-smtp"

	"bangvang/internal/base/mail"
)

// A post office takes mails for the test, and answers as it is told.
type office struct {
	mu     sync.Mutex
	mails  [][]byte
	rcpt   error // answer to RCPT
	data   error // answer after the mail
	begins int
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o}, nil }

type session struct{ *office }

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begins++
	return nil
}
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.rcpt }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil || s.data != nil {
		return errors.Join(err, s.data)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, b)
	return nil
}

// open starts the office's server and gives its address.
func open(t *testing.T, o *office) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	server.Domain, server.ErrorLog = "thu.example.vn", quiet{}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func sender(t *testing.T, address string) *mail.Sender {
	t.Helper()
	s, err := mail.New("smtp+plain://"+address, "Văn phòng Sở GDĐT Lai Châu <vp@sgddt.example.vn>")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func message() mail.Message {
	return mail.Message{ID: "abc.1@sgddt.example.vn", ToName: "Văn phòng Bộ", To: "vp@bo.example.vn", Subject: "Báo cáo số 05/BC-SGDĐT về tình hình tổ chức buổi thi Ngữ văn, buổi sáng 07/7/2021",
		Text: "Kính gửi Văn phòng Bộ,\n\nSở GDĐT gửi báo cáo kèm theo.\n", Date: time.Date(2021, 7, 7, 11, 0, 0, 0, time.UTC),
		Attachments: []mail.Attachment{{Name: "Báo cáo 05-BC-SGDĐT.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 …")}}}
}

// What was sent reads back the same, in Vietnamese, and says nothing of the program.
func TestAMailReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	o := &office{}
	m := message()
	if err := sender(t, open(t, o)).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if len(o.mails) != 1 {
		t.Fatalf("%d mails came", len(o.mails))
	}
	got, err := netmail.ReadMessage(bytes.NewReader(o.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := got.Header.AddressList("From")
	if err != nil || from[0].Name != "Văn phòng Sở GDĐT Lai Châu" || from[0].Address != "vp@sgddt.example.vn" {
		t.Errorf("from %v, %v", from, err)
	}
	if id := got.Header.Get("Message-ID"); id != "<abc.1@sgddt.example.vn>" {
		t.Errorf("message id %q", id)
	}
	if day, err := got.Header.Date(); err != nil || !day.Equal(m.Date) {
		t.Errorf("date %v, %v", day, err)
	}
	for _, h := range []string{"User-Agent", "X-Mailer"} {
		if got.Header.Get(h) != "" {
			t.Errorf("%s: %s", h, got.Header.Get(h))
		}
	}
	_, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(got.Body, params["boundary"])
	text, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(text))
	if err != nil || strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", "\n") != strings.TrimSpace(m.Text) {
		t.Errorf("text %q, %v", body, err)
	}
	file, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	_, disposition, err := mime.ParseMediaType(file.Header.Get("Content-Disposition"))
	if err != nil {
		t.Fatal(err)
	}
	if name, err := words.DecodeHeader(disposition["filename"]); err != nil || name != m.Attachments[0].Name {
		t.Errorf("file name %q, %v", name, err)
	}
	data, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, file))
	if err != nil || !bytes.Equal(data, m.Attachments[0].Data) {
		t.Errorf("file %q, %v", data, err)
	}
}

func TestWhatTheServerSaysIsForGoodOrNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		office *office
		want   error // nil: neither ErrBounced nor ErrRefused
		said   string
	}{
		"an unknown recipient bounces":         {&office{rcpt: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}}, mail.ErrBounced, "no such user here"},
		"a full mailbox may pass":              {&office{rcpt: &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}}, nil, "mailbox full"},
		"greylisting may pass":                 {&office{rcpt: &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try again later"}}, nil, "try again later"},
		"a mail too large is refused for good": {&office{data: &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "message too big"}}, mail.ErrRefused, "message too big"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := sender(t, open(t, c.office)).Send(t.Context(), message())
			if err == nil || !strings.HasSuffix(err.Error(), c.said) {
				t.Fatalf("got %v, want the words %q and no more behind them", err, c.said)
			}
			for _, kind := range []error{mail.ErrBounced, mail.ErrRefused} {
				if errors.Is(err, kind) != (kind == c.want) {
					t.Errorf("%v: Is %v is %v", err, kind, errors.Is(err, kind))
				}
			}
			if len(c.office.mails) != 0 {
				t.Error("a mail was taken")
			}
		})
	}
}

func TestAServerThatIsNotThereMayComeBack(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	err = sender(t, l.Addr().String()).Send(t.Context(), message())
	if err == nil || errors.Is(err, mail.ErrBounced) || errors.Is(err, mail.ErrRefused) {
		t.Errorf("got %v", err)
	}
}

// The address holds the password of the department's mailbox.
func TestNoErrorRepeatsThePassword(t *testing.T) {
	t.Parallel()
	const secret = "mat-khau-cua-hop-thu"
	for _, address := range []string{"smtp://vp:" + secret + "@", "http://vp:" + secret + "@thu.example.vn", "smtp://vp:" + secret + "@thu.example.vn:x", "smtp://vp:" + secret + "@[", "smtp+plain://vp:" + secret + "@thu.example.vn:99999"} {
		_, err := mail.New(address, "vp@sgddt.example.vn")
		if err == nil {
			t.Errorf("%s was taken", strings.ReplaceAll(address, secret, "…"))
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error repeats it: %v", err)
		}
	}
	if _, err := mail.New("smtp://vp:"+secret+"@thu.example.vn", "no address"); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a sender that is no address gave %v", err)
	}
	s, err := mail.New("smtp+plain://vp:"+secret+"@"+open(t, &office{}), "vp@sgddt.example.vn")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message()); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a server without authentication gave %v", err)
	}
}

// A line end in a name must not become a header of its own.
func TestHeadersCannotBeSmuggledIn(t *testing.T) {
	t.Parallel()
	o := &office{}
	m := message()
	m.Subject, m.ToName = "Báo cáo\r\nBcc: ai@example.vn", "Văn phòng\r\nBcc: ai@example.vn"
	if err := sender(t, open(t, o)).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(bytes.NewReader(o.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Bcc") != "" {
		t.Errorf("Bcc: %s", got.Header.Get("Bcc"))
	}
}
