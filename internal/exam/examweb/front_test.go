package examweb_test

import (
	"strings"
	"testing"

	words "bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/exam/examweb"
)

// said is what a reader is told of an exam at an instant "2021-07-07 07:00:00", in one line.
func said(t *testing.T, e exam.Exam, at string) string {
	t.Helper()
	h := examweb.Hero(e.NowAt(local(t, at).UnixMilli()))
	line := h.Lead + " / " + h.Title + " / " + h.Text
	if h.At != 0 {
		line += " " + words.FormatDayTime(h.At)
	}
	return line
}

func TestTheHeroCountsToWhatItNames(t *testing.T) { // R-I.2-a, R-II.1-f
	t.Parallel()
	const (
		far       = " / đến ngày thi đợt 1: Thứ Tư, 7/7/2021 / Buổi tới: Làm thủ tục dự thi. Giờ bắt đầu (theo kế hoạch): Thứ Ba, 6/7/2021, 14:00"
		procedure = "Hôm nay: Làm thủ tục dự thi / Ngày mai thi đợt 1: Thứ Tư, 7/7/2021 / Giờ bắt đầu (theo kế hoạch): Thứ Ba, 6/7/2021, 14:00"
		going     = "Đang diễn ra / Làm thủ tục dự thi / Giờ kết thúc (theo kế hoạch): Thứ Ba, 6/7/2021, 17:00"
		essay     = " / Buổi tới: Ngữ văn / Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Tư, 7/7/2021, 07:00"
		essayEnds = " / Giờ kết thúc buổi thi (theo kế hoạch): Thứ Tư, 7/7/2021, 09:35"
		combined  = " / Buổi tới: Khoa học tự nhiên · Khoa học xã hội / Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Năm, 8/7/2021, 07:00"
		ends      = " / Giờ kết thúc buổi thi (theo kế hoạch): Thứ Năm, 8/7/2021, 10:25"
		second    = " / đến ngày thi đợt 2: Thứ Sáu, 6/8/2021 / Đợt 1 đã thi xong. Buổi tới: Ngữ văn. Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Sáu, 6/8/2021, 07:00"
		again     = " / Buổi tới: Ngữ văn / Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Sáu, 6/8/2021, 07:00"
		late      = "đang làm bài (quá 15 phút, không nhận thí sinh đến muộn)"
		done      = "Đã thi xong / Kỳ thi tốt nghiệp THPT năm 2021 / "
	)
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		for _, c := range [][2]string{
			{"2021-06-10 09:00:00", "Còn 27 ngày" + far},
			{"2021-07-05 23:59:59", "Còn 2 ngày" + far},
			{"2021-07-06 00:00:00", procedure},
			{"2021-07-06 09:00:00", procedure},
			{"2021-07-06 13:59:59", procedure},
			{"2021-07-06 14:00:00", going},
			{"2021-07-06 16:59:59", going},
			{"2021-07-06 17:00:00", "Ngày mai thi đợt 1" + essay},
			{"2021-07-06 23:59:59", "Ngày mai thi đợt 1" + essay},
			{"2021-07-07 00:00:00", "Hôm nay thi đợt 1" + essay},
			{"2021-07-07 06:59:59", "Hôm nay thi đợt 1" + essay},
			{"2021-07-07 07:00:00", "Đang thi đợt 1 / Ngữ văn: đang gọi thí sinh vào phòng thi" + essayEnds},
			{"2021-07-07 07:29:59", "Đang thi đợt 1 / Ngữ văn: đang gọi thí sinh vào phòng thi" + essayEnds},
			{"2021-07-07 07:30:00", "Đang thi đợt 1 / Ngữ văn: đã phát đề thi" + essayEnds},
			{"2021-07-07 07:50:00", "Đang thi đợt 1 / Ngữ văn: đang làm bài" + essayEnds},
			{"2021-07-07 07:50:01", "Đang thi đợt 1 / Ngữ văn: " + late + essayEnds},
			{"2021-07-07 09:34:59", "Đang thi đợt 1 / Ngữ văn: " + late + essayEnds},
			{"2021-07-07 09:35:00", "Hôm nay thi đợt 1 / Buổi tới: Toán / Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Tư, 7/7/2021, 13:50"},
			{"2021-07-07 16:00:00", "Ngày mai thi đợt 1" + combined},
			{"2021-07-08 08:24:59", "Đang thi đợt 1 / Vật lí · Lịch sử: " + late + ends},
			{"2021-07-08 08:25:00", "Đang thi đợt 1 / Khoa học tự nhiên · Khoa học xã hội: chuyển sang môn tiếp theo" + ends},
			{"2021-07-08 08:30:00", "Đang thi đợt 1 / Hóa học · Địa lí: đã phát đề thi" + ends},
			{"2021-07-08 15:30:00", "Còn 29 ngày" + second},
			{"2021-07-09 09:00:00", "Còn 28 ngày" + second}, // the spare day, not used
			{"2021-07-20 09:00:00", "Còn 17 ngày" + second},
			{"2021-08-04 23:59:59", "Còn 2 ngày" + second},
			{"2021-08-05 00:00:00", "Ngày mai thi đợt 2" + again},
			{"2021-08-05 23:59:59", "Ngày mai thi đợt 2" + again},
			{"2021-08-06 00:00:00", "Hôm nay thi đợt 2" + again},
			{"2021-08-06 06:59:59", "Hôm nay thi đợt 2" + again},
			{"2021-08-07 15:29:59", "Đang thi đợt 2 / Ngoại ngữ: " + late + " / Giờ kết thúc buổi thi (theo kế hoạch): Thứ Bảy, 7/8/2021, 15:30"},
			{"2021-08-07 15:30:00", done},
			{"2026-11-25 09:00:00", done},
		} {
			if got := said(t, e, c[0]); got != c[1] {
				t.Errorf("at %s the hero says\n  %s\nwant\n  %s", c[0], got, c[1])
			}
		}
	})
}

func TestTheHeroOfAnExamInOneRoundNamesNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2025)
		for _, c := range [][2]string{
			{"2025-06-20 09:00:00", "Còn 6 ngày / đến ngày thi: Thứ Năm, 26/6/2025 / Buổi tới: Làm thủ tục dự thi. Giờ bắt đầu (theo kế hoạch): Thứ Tư, 25/6/2025, 14:00"},
			{"2025-06-26 06:00:00", "Hôm nay thi / Buổi tới: Ngữ văn / Giờ gọi thí sinh vào phòng thi (theo kế hoạch): Thứ Năm, 26/6/2025, 07:00"},
		} {
			if got := said(t, e, c[0]); got != c[1] {
				t.Errorf("at %s the hero says\n  %s\nwant\n  %s", c[0], got, c[1])
			}
		}
	})
}

// shown is the strip of the sitting that begins at call, one line a phase, as it stands at an instant.
func shown(t *testing.T, e exam.Exam, call, at string) string {
	t.Helper()
	var lines []string
	for _, s := range examweb.Strips(e.NowAt(local(t, at).UnixMilli())) {
		if len(s.Phases) == 0 || s.Phases[0].Clock != call {
			continue
		}
		for _, p := range s.Phases {
			lines = append(lines, p.State+" "+p.Clock+" "+p.Label)
		}
	}
	return strings.Join(lines, "\n")
}

func TestTheStripSaysWhatTheHeroSays(t *testing.T) { // R-II.1-f
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2021)
		for at, now := range map[string]string{
			"2021-07-08 06:59:59": "",
			"2021-07-08 07:00:00": "07:00 Gọi vào phòng thi",
			"2021-07-08 07:29:59": "07:00 Gọi vào phòng thi",
			"2021-07-08 07:30:00": "07:30 Phát đề",
			"2021-07-08 08:24:59": "07:35–08:25 Vật lí · Lịch sử (50 phút)",
			"2021-07-08 08:25:00": "",
			"2021-07-08 08:27:00": "", // "chuyển sang môn tiếp theo"
			"2021-07-08 08:30:00": "08:30 Phát đề",
			"2021-07-08 09:40:00": "09:35–10:25 Sinh học · Giáo dục công dân (50 phút)",
			"2021-07-08 10:25:00": "",
		} {
			lines := []string{"07:00 Gọi vào phòng thi", "07:30 Phát đề", "07:35–08:25 Vật lí · Lịch sử (50 phút)", "08:30 Phát đề",
				"08:35–09:25 Hóa học · Địa lí (50 phút)", "09:30 Phát đề", "09:35–10:25 Sinh học · Giáo dục công dân (50 phút)"}
			var want []string
			for _, line := range lines {
				state := "done"
				if line == now {
					state = "now"
				} else if clock, _, _ := strings.Cut(line, " "); clock[max(0, len(clock)-5):] > at[11:16] || line[:5] > at[11:16] {
					state = "todo"
				}
				want = append(want, state+" "+line)
			}
			if got := shown(t, e, "07:00", at); got != strings.Join(want, "\n") {
				t.Errorf("at %s the strip is\n%s\nwant\n%s", at, got, strings.Join(want, "\n"))
			}
		}
		if got := shown(t, e, "14:00–17:00", "2021-07-06 15:00:00"); got != "now 14:00–17:00 Làm thủ tục dự thi" {
			t.Errorf("the procedures' strip is %s", got)
		}
		essay := "done 07:00 Gọi vào phòng thi\ndone 07:30 Phát đề\nnow 07:35–09:35 Làm bài (120 phút)"
		if got := shown(t, e, "07:00", "2021-07-07 07:40:00"); got != essay {
			t.Errorf("the essay's strip is %s", got)
		}
	})
}

func TestTheStripOfTwoProgrammesTellsThemApart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2025)
		got := shown(t, e, "07:00", "2025-06-27 08:36:00")
		for _, line := range []string{"done 07:30 Phát đề\n", "now 08:35–09:25 Hóa học · Địa lí, chương trình 2006 (50 phút)", "done 08:30 Phát đề, chương trình 2006", "now 08:35 Phát đề, chương trình 2018",
			"todo 08:40–09:30 Môn tự chọn, ca 2, chương trình 2018 (50 phút)"} {
			if !strings.Contains(got, line) {
				t.Errorf("the strip does not say %q:\n%s", line, got)
			}
		}
	})
}

func TestAnExamWhoseSittingsAreAllCancelledWasNotHeld(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		e := w.load(2025)
		for _, s := range e.Rounds[0].Sittings {
			must(t, w.CancelSitting(system(t), e.ID, e.Rounds[0].ID, s.ID, s.Version, "Bão số 2"))
		}
		e, err := w.Exam(system(t), e.ID)
		must(t, err)
		const want = "Không tổ chức / Kỳ thi tốt nghiệp THPT năm 2025 / Lý do ghi ở từng buổi trong lịch thi."
		if got := said(t, e, "2025-06-26 08:00:00"); got != want {
			t.Errorf("the hero says %s, want %s", got, want)
		}
	})
}
