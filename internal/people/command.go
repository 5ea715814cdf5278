package people

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
)

// A Command is one command of "bangvang user" and "bangvang token". Flags declares its own flags; Run
// does it, asked by whoever holds the console, with access.System in ctx.
type Command struct {
	Name  string // "user create"
	Usage string // one line of English
	Flags func(*flag.FlagSet)
	// NewSecret: the command gives the database another secret, so it runs also when the present one is
	// missing or wrong.
	NewSecret bool
	Run       func(ctx context.Context, s *Service, in io.Reader, out io.Writer) error
}

// Commands gives the commands, fresh: each value holds its own flags.
func Commands() []Command {
	return []Command{userCreate(), userList(), userGrant(), userLink(), userDisable(), userEnable(), userResetFactor(), userResetFactors(),
		tokenCreate(), tokenList(), tokenRevoke()}
}

// named declares the flag that says whom a command is about and gives the account.
func named(username *string) func(*flag.FlagSet) {
	return func(f *flag.FlagSet) { f.StringVar(username, "username", "", "`name` the person logs in with") }
}

// onAccount makes a command that does one thing to one account and says what it did.
func onAccount(name, usage, done string, do func(ctx context.Context, s *Service, a Account) error) Command {
	var username string
	return Command{Name: name, Usage: usage, Flags: named(&username),
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			a, err := s.AccountByUsername(ctx, username)
			if err != nil {
				return err
			}
			if err := do(ctx, s, a); err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "%s: %s\n", done, a.Username)
			return err
		}}
}

func userCreate() Command {
	var f AccountForm
	var unit string
	var stdin bool
	return Command{Name: "user create", Usage: "add an account; prints the path of a link with which its owner sets a password",
		Flags: func(fs *flag.FlagSet) {
			named(&f.Username)(fs)
			fs.StringVar(&f.Name, "name", "", "the person's full `name`")
			fs.StringVar(&f.Email, "email", "", "e-mail `address`")
			fs.StringVar(&unit, "unit", "", "`code` or name of the unit the person works in")
			fs.BoolVar(&stdin, "password-stdin", false, "read a password from standard input instead of printing a link; it must be changed at the first login")
		},
		Run: func(ctx context.Context, s *Service, in io.Reader, out io.Writer) error {
			if unit != "" {
				d, err := s.Directory(ctx)
				if err != nil {
					return err
				}
				var wrong []fault.Field
				f.Unit = s.namedUnit(d, unit, "unit", &wrong)
				if err := fault.Fields(wrong...); err != nil {
					return err
				}
			}
			id, err := s.CreateAccount(ctx, f)
			if err != nil {
				return err
			}
			if !stdin {
				return printLink(ctx, s, id, out)
			}
			password, err := bufio.NewReader(in).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			return s.SetPassword(ctx, id, strings.TrimRight(password, "\r\n"), true)
		}}
}

func printLink(ctx context.Context, s *Service, id AccountID, out io.Writer) error {
	token, _, err := s.NewPasswordLink(ctx, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, PasswordLinkPath(token))
	return err
}

func userList() Command {
	var w AccountQuery
	return Command{Name: "user list", Usage: "list accounts: username, name, state",
		Flags: func(fs *flag.FlagSet) { fs.StringVar(&w.Search, "search", "", "part of `name` or username") },
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			for {
				page, err := s.Accounts(ctx, w)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, a := range page {
					state := "active"
					if a.DisabledAt != 0 {
						state = "disabled"
					} else if !a.HasPassword {
						state = "no password yet"
					}
					if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", a.Username, a.Name, state); err != nil {
						return err
					}
				}
				w.After = string(page[len(page)-1].ID)
			}
		}}
}

func userGrant() Command {
	var username, role, unit, site string
	var f GrantForm
	return Command{Name: "user grant", Usage: "give a role",
		Flags: func(fs *flag.FlagSet) {
			named(&username)(fs)
			fs.StringVar(&role, "role", "", "`role`, one of: "+roleNames())
			fs.StringVar(&unit, "unit", "", "`code` or name of the unit, for roles of a unit")
			fs.StringVar(&site, "site", "", "`id` of the exam site, for roles of a site")
			fs.StringVar(&f.FirstDay, "from", "", "first `day`, 2021-07-06")
			fs.StringVar(&f.LastDay, "to", "", "last `day`, 2021-07-08")
			fs.StringVar(&f.Note, "note", "", "the decision it rests on")
		},
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			a, err := s.AccountByUsername(ctx, username)
			if err != nil {
				return err
			}
			f.Account, f.Role = a.ID, access.Role(role)
			if info, ok := RoleOf(f.Role); ok {
				f.Scope.Kind, f.Scope.ID = info.Scopes[0], site
			}
			if f.Scope.Kind == access.Unit {
				d, err := s.Directory(ctx)
				if err != nil {
					return err
				}
				var wrong []fault.Field
				f.Scope.ID = string(s.namedUnit(d, unit, "unit", &wrong))
				if err := fault.Fields(wrong...); err != nil {
					return err
				}
			}
			if _, err := s.GrantRole(ctx, f); err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "%s: %s\n", a.Username, RoleTitle(f.Role))
			return err
		}}
}

func roleNames() string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r.Role))
	}
	return strings.Join(names, ", ")
}

func userLink() Command {
	var username string
	return Command{Name: "user link", Usage: "print the path of a one-time link with which an account's owner sets a password", Flags: named(&username),
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			a, err := s.AccountByUsername(ctx, username)
			if err != nil {
				return err
			}
			return printLink(ctx, s, a.ID, out)
		}}
}

func userDisable() Command {
	var why string
	c := onAccount("user disable", "keep a person out from now on", "disabled", func(ctx context.Context, s *Service, a Account) error {
		return s.DisableAccount(ctx, a.ID, why)
	})
	flags := c.Flags
	c.Flags = func(fs *flag.FlagSet) {
		flags(fs)
		fs.StringVar(&why, "why", "", "`reason`, kept in the log")
	}
	return c
}

func userEnable() Command {
	return onAccount("user enable", "let a disabled person in again", "enabled", func(ctx context.Context, s *Service, a Account) error {
		return s.EnableAccount(ctx, a.ID)
	})
}

func userResetFactor() Command {
	return onAccount("user reset-factor", "take a lost authenticator away; the person enrols a new one at the next login", "second factor removed",
		func(ctx context.Context, s *Service, a Account) error { return s.ResetFactor(ctx, a.ID) })
}

func userResetFactors() Command {
	return Command{Name: "user reset-factors", Usage: "take every second factor away, because the installation's secret is lost; all enrol anew", NewSecret: true,
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			n, err := s.ResetAllFactors(ctx)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "accounts whose second factor is gone: %d; each enrols an authenticator at the next login, exam sites need new printed codes\n", n)
			return err
		}}
}

func tokenCreate() Command {
	var username, name, scopes, lastDay string
	return Command{Name: "token create", Usage: "make a bearer token for the machine interface and print it",
		Flags: func(fs *flag.FlagSet) {
			named(&username)(fs)
			fs.StringVar(&name, "name", "", "what it is `for`")
			fs.StringVar(&scopes, "scope", "", "`scopes` separated by commas; none is whatever the account may do")
			fs.StringVar(&lastDay, "until", "", "last `day` it works, 2021-12-31; none is without end")
		},
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			a, err := s.AccountByUsername(ctx, username)
			if err != nil {
				return err
			}
			var list []string
			if scopes != "" {
				list = strings.Split(scopes, ",")
			}
			_, token, err := s.CreateToken(ctx, a.ID, cmp.Or(name, "dòng lệnh"), list, lastDay)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(out, token)
			return err
		}}
}

func tokenList() Command {
	var username string
	return Command{Name: "token list", Usage: "list an account's tokens: id, name, scopes, state", Flags: named(&username),
		Run: func(ctx context.Context, s *Service, _ io.Reader, out io.Writer) error {
			a, err := s.AccountByUsername(ctx, username)
			if err != nil {
				return err
			}
			tokens, err := s.Tokens(ctx, a.ID)
			if err != nil {
				return err
			}
			now := s.db.Clock().Millis()
			for _, x := range tokens {
				state := "active"
				if x.RevokedAt != 0 {
					state = "revoked"
				} else if x.ExpiresAt != 0 && x.ExpiresAt <= now {
					state = "expired"
				}
				if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", x.ID, x.Name, strings.Join(x.Scopes, ","), state); err != nil {
					return err
				}
			}
			return nil
		}}
}

func tokenRevoke() Command {
	var id string
	c := onAccount("token revoke", "end a token now", "revoked", func(ctx context.Context, s *Service, a Account) error {
		return s.RevokeToken(ctx, a.ID, TokenID(id))
	})
	flags := c.Flags
	c.Flags = func(fs *flag.FlagSet) {
		flags(fs)
		fs.StringVar(&id, "id", "", "`id` of the token, as token list shows it")
	}
	return c
}
