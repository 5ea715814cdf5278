package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bangvang/internal/base/config"
	"bangvang/internal/base/db"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
)

// Secret tells how the installation's secret, where the settings say it is, goes with the database.
// The error says in one line what is wrong and what to do; nothing is made or noted.
func Secret(ctx context.Context, c config.Config, d *db.DB) error {
	secret, err := readSecret(c.Secret)
	if err != nil {
		return err
	}
	state, err := people.JudgeSecret(ctx, d, secret)
	if err != nil {
		return err
	}
	return refusal(c, secret, state)
}

// secretOf gives the installation's secret, and makes it on the first start. Printed codes and the
// authenticators' keys hang on it and it is in no backup of the database, so a database that was set
// up with another is not opened: people would be locked out without knowing why.
func secretOf(ctx context.Context, c config.Config, d *db.DB) ([]byte, error) {
	secret, err := readSecret(c.Secret)
	if err != nil {
		return nil, err
	}
	state, err := people.JudgeSecret(ctx, d, secret)
	if err != nil {
		return nil, err
	}
	if state == people.SecretNew {
		if secret == nil {
			if secret, err = makeSecret(c.Secret); err != nil {
				return nil, err
			}
		}
		if state, err = people.BindSecret(ctx, d, secret); err != nil {
			return nil, err
		}
	}
	return secret, refusal(c, secret, state)
}

// anySecret gives the secret at hand, whatever the database was set up with, or a fresh one.
func anySecret(c config.Config) ([]byte, error) {
	secret, err := readSecret(c.Secret)
	if err != nil || secret != nil {
		return secret, err
	}
	return makeSecret(c.Secret)
}

// wayOut ends each sentence about a lost secret: the two ways to go on.
const wayOut = "or give all second factors out anew: bangvang user reset-factors"

func refusal(c config.Config, secret []byte, state people.SecretState) error {
	switch {
	case state != people.SecretWrong:
		return nil
	case secret == nil:
		return fmt.Errorf("the installation's secret is missing: put the file back at %s from where it is kept (another node has it too), %s", c.Secret, wayOut)
	}
	return fmt.Errorf("%s is another secret than the one this database was set up with: put the right file there (another node has it too), %s", c.Secret, wayOut)
}

// readSecret gives the secret in a file, nil when there is no such file.
func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the installation's secret: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < credential.MinSecret {
		return nil, fmt.Errorf("%s holds no secret: put the right file back, or remove this one, %s", path, wayOut)
	}
	return secret, nil
}

// makeSecret writes a fresh secret, durable before anything is made with it. Of two programs that do
// so at once, both get the one that was written.
func makeSecret(path string) ([]byte, error) {
	fresh := make([]byte, 48)
	rand.Read(fresh)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return nil, fmt.Errorf("keep the installation's secret: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(fresh) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("keep the installation's secret: %w", err)
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return readSecret(path)
	} else if err != nil {
		return nil, fmt.Errorf("keep the installation's secret: %w", err)
	}
	return fresh, nil
}
