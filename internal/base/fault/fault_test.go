package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
)

func TestKindSurvivesWrapping(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("escalate case 7: %w", fault.New(fault.Conflict, "Vụ việc đã được chuyển."))
	if !fault.Is(err, fault.Conflict) || fault.KindOf(err).Status() != 409 {
		t.Fatalf("kind of %v = %v", err, fault.KindOf(err))
	}
	if got := fault.Message(err); got != "Vụ việc đã được chuyển." {
		t.Errorf("message = %q", got)
	}
}

func TestInternalErrorsStayInside(t *testing.T) {
	t.Parallel()
	err := errors.New("dial tcp 10.0.0.1: refused")
	if m := fault.Message(err); strings.Contains(m, "10.0.0.1") {
		t.Errorf("an internal error's text reached the reader: %q", m)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("nil is not a fault")
	}
}

func TestCauseIsKeptForTheLog(t *testing.T) {
	t.Parallel()
	err := fault.New(fault.Invalid, "Tệp bị cắt ngang: %w", io.ErrUnexpectedEOF)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause was lost")
	}
	if m := fault.Message(err); m != "Tệp bị cắt ngang" {
		t.Errorf("the reader is told %q", m)
	}
}

func TestFieldsOfNoneIsNoError(t *testing.T) {
	t.Parallel()
	if err := fault.Fields(); err != nil {
		t.Errorf("no wrong field gave %v", err)
	}
	err := fault.Fields(fault.Field{Name: "issued_on", Message: "Ngày ban hành phải trước ngày hiệu lực."})
	if f := fault.FieldsOf(err); len(f) != 1 || f[0].Name != "issued_on" {
		t.Errorf("fields = %v", f)
	}
}
