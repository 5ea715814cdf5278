package reportsweb

import (
	"fmt"
	"strings"
	"testing"

	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

func TestReasonsAreReadAsOneTypesThemWhileListening(t *testing.T) {
	t.Parallel()
	words := reports.DefaultWords().Absence
	for _, x := range []struct{ typed, want, problem string }{
		{"", "map[]", ""},
		{"1 ốm, 2 bỏ thi", "map[dropped:2 sick:1]", ""},
		{"om 1; bo 2 ,", "map[dropped:2 sick:1]", ""},
		{"1 muộn + 1 đình chỉ\n1 f1", "map[barred:1 epidemic_f1:1 late:1]", ""},
		{"3 chua ro", "map[unknown:3]", ""},
		{"1 ốm tai nạn, 1 lý do khác", "map[other:1 sick:1]", ""},
		{"1 sick", "map[sick:1]", ""},
		{"ốm", "map[]", "Hãy ghi số rồi lý do"},
		{"3", "map[]", "Hãy ghi số rồi lý do"},
		{"1 dịch bệnh", "map[]", "“dịch bệnh” có thể là: Dịch bệnh: F0; Dịch bệnh: F1; Dịch bệnh: F2"},
		{"1 hỏng xe", "map[]", "Không có lý do nào tên “hỏng xe”"},
		{"1 ốm, 1 om", "map[]", "ghi hai lần"},
	} {
		got, problem := counted(x.typed, words)
		if fmt.Sprint(got) != x.want || !strings.Contains(problem, x.problem) || (x.problem == "") != (problem == "") {
			t.Errorf("%q reads %v, %q", x.typed, got, problem)
		}
	}
}

// What is shown of a report's reasons is read back as the same.
func FuzzReasonsComeBack(f *testing.F) {
	f.Add(1, 2, 3)
	f.Add(0, 0, 99999)
	words := reports.DefaultWords().Absence
	f.Fuzz(func(t *testing.T, a, b, c int) {
		counts := map[string]rules.Count{}
		for i, n := range []int{a, b, c} {
			for k := i; k < len(words); k += 3 {
				if n > 0 && n <= rules.MaxCount {
					counts[words[k].Code] = rules.N(n)
				}
			}
		}
		got, problem := counted(typedAs(counts, words), words)
		if problem != "" || len(got) != len(counts) {
			t.Fatalf("%v was shown as %q and read as %v, %q", counts, typedAs(counts, words), got, problem)
		}
		for code, n := range counts {
			if got[code] != n {
				t.Fatalf("%s was %s and came back as %s", code, n, got[code])
			}
		}
	})
}
