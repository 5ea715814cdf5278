package ministry_test

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/ministry"
)

// Bad input, named: a template with a missing field. The refusal names template, line and field.
func TestATemplateWithAMissingFieldIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, k := range ministry.Kinds() {
			w, err := h.Wording(h.office(), k)
			h.must(err)
			h.must(h.PreviewWording(h.office(), k, w.Source, "", new(bytes.Buffer))) // what ships is right
			broken := strings.Replace(w.Source, "| {dự_thi} |", "| {dự_thi_thật} |", 1)
			line := 1 + strings.Count(broken[:strings.Index(broken, "{dự_thi_thật}")], "\n")
			err = h.SaveWording(h.office(), k, 0, broken, "Thử")
			wantField(t, err, "template", "dự_thi_thật")
			if !strings.Contains(fault.FieldsOf(err)[0].Message, "Mẫu “"+k.Label()+"”, dòng "+strconv.Itoa(line)) {
				t.Errorf("refused with %v", fault.FieldsOf(err))
			}
			// A name in a branch that seldom comes is refused now, not on the day of the exam.
			wantField(t, h.SaveWording(h.office(), k, 0, strings.Replace(w.Source, "{bản_cũ.số}", "{bản_cũ.so}", 1), "Thử"), "template", "bản_cũ.so")
			wantField(t, h.SaveWording(h.office(), k, 0, strings.Replace(w.Source, ":hết", "", 1), "Thử"), "template", "")
			wantField(t, h.SaveWording(h.office(), k, 0, w.Source+"Thêm", " "), "note", "đã đổi gì")
		}
	})
}

// An office changes wording and columns without a build; papers that were made stay as they are.
func TestAnOfficeChangesTheWording(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.whole()
		p := h.made()
		h.must(h.Submit(h.office(), p.ID, p.Version))
		w, err := h.Wording(h.office(), ministry.Quick)
		h.must(err)
		now := strings.ReplaceAll(w.Source, "# Cán bộ vi phạm quy chế thi", "# Cán bộ làm thi vi phạm")
		now = strings.ReplaceAll(now, "| Bài thi, môn thi |", "| Môn |")
		want(t, h.SaveWording(h.leader(), ministry.Quick, 0, now, "Đổi chữ"), fault.Denied, "a wording changed by a leader")
		h.must(h.SaveWording(h.office(), ministry.Quick, 0, now, "Đổi chữ theo công văn"))
		want(t, h.SaveWording(h.office(), ministry.Quick, 0, now+"\nThêm", "Đổi nữa"), fault.Conflict, "saving over what somebody saved")
		all, err := h.Wordings(h.office(), ministry.Quick)
		h.must(err)
		if len(all) != 2 || all[0].Edition != 1 || all[0].Note != "Đổi chữ theo công văn" || all[1].Edition != 0 {
			t.Errorf("editions %+v", all)
		}
		if words := inDOCX(t, h.file(h.get(p.ID), ministry.DOCX)); strings.Contains(words, "Cán bộ làm thi vi phạm") {
			t.Error("a submitted paper changed its wording")
		}
		h.must(h.TakeBack(h.office(), p.ID, p.Version+1))
		h.must(h.Edit(h.office(), p.ID, p.Version+2, h.draft(3)))
		if words := inDOCX(t, h.file(h.get(p.ID), ministry.DOCX)); !strings.Contains(strings.ToLower(words), "cán bộ làm thi vi phạm") {
			t.Errorf("the draft has the old wording:\n%s", words)
		}
		var b bytes.Buffer
		h.must(h.PreviewWording(h.office(), ministry.Quick, now, p.ID, &b))
		if words := inPDF(t, b.Bytes()); !strings.Contains(words, "3.576") {
			t.Errorf("the preview does not show the paper's figures:\n%s", words)
		}
	})
}

// The page that explains the fields misses none and promises none that is not there.
func TestEveryFieldIsExplained(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, f := range ministry.Fields() {
			if f.Meaning == "" || f.Kind == "" || f.Example == "" && f.Kind != "bảng" && f.Kind != "nhóm" {
				t.Errorf("%s is not explained: %+v", f.Name, f)
			}
		}
		explained := map[string]bool{}
		for _, f := range ministry.Fields() {
			explained[f.Name] = true
		}
		there := ministry.SampleFields()
		if a, b := slices.Sorted(maps.Keys(explained)), slices.Sorted(maps.Keys(there)); !slices.Equal(a, b) {
			t.Errorf("explained are %v, there are %v", a, b)
		}
		h.whole()
		if a, b := slices.Sorted(maps.Keys(there)), slices.Sorted(maps.Keys(ministry.FieldsOf(h.made()))); !subset(b, a) {
			t.Errorf("a paper has %v, the sample %v", b, a)
		}
	})
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}
