package demo

import (
	"context"
	"fmt"

	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// fillExams loads the exams of 2021 and 2025 as they ship, and gives the exam of 2021 invented sites,
// rooms and numbers of candidates. It returns a site for the accounts of site roles.
func fillExams(ctx context.Context, e *exam.Service, units map[string]people.UnitID) (people.Named, error) {
	ctx = program(ctx)
	if _, err := e.Load(ctx, 2021, "Lai Châu"); err != nil {
		return people.Named{}, fmt.Errorf("exam of 2021: %w", err)
	}
	if _, err := e.Load(ctx, 2025, "Lai Châu"); err != nil {
		return people.Named{}, fmt.Errorf("exam of 2025: %w", err)
	}
	x, err := e.ExamOf(ctx, 2021)
	if err != nil {
		return people.Named{}, err
	}
	first, err := fillRound(ctx, e, x, x.Rounds[0], units, len(schools))
	if err != nil {
		return first, err
	}
	_, err = fillRound(ctx, e, x, x.Rounds[1], units, 1) // few were left for the second round
	return first, err
}

// fillRound makes a site at each of the first n schools.
func fillRound(ctx context.Context, e *exam.Service, x exam.Exam, r exam.Round, units map[string]people.UnitID, n int) (first people.Named, err error) {
	room := 1
	for i, school := range schools[:n] {
		id, err := e.SaveSite(ctx, r.ID, "", 0, exam.SiteInput{
			Code: fmt.Sprintf("%02d", i+1), Name: "Điểm thi " + school.name, Address: "Trường " + school.name + ", " + school.district,
			LocalityName: school.district, Unit: string(units[text.Slug(school.name)]), Phone: "02133799569", HeadName: fmt.Sprintf("Trưởng điểm %02d (giả định)", i+1), HeadPhone: "02133799569",
			Note: "Điểm thi, phòng thi và số thí sinh ở đây là giả định để trình diễn; tên trường chưa kiểm chứng. Số điện thoại là số của Sở.",
		})
		if err != nil {
			return first, fmt.Errorf("site at %s: %w", school.name, err)
		}
		if i == 0 {
			first = people.Named{ID: string(id), Name: "Điểm thi " + school.name}
		}
		registered := invented(i, n)
		var rooms []exam.Room
		for range exam.RoomsNeeded(registered) {
			rooms = append(rooms, exam.Room{Number: room, Capacity: exam.RoomLimit})
			room++
		}
		if err := e.SetRooms(ctx, id, 1, rooms); err != nil {
			return first, fmt.Errorf("rooms of %s: %w", school.name, err)
		}
		err = e.SetRosters(ctx, r.ID, []exam.SiteRoster{{Site: id, Version: 2, Counts: roster(x.Lines(r.ID), registered)}})
		if err != nil {
			return first, fmt.Errorf("roster of %s: %w", school.name, err)
		}
	}
	return first, nil
}

// invented gives a number of candidates that looks like a school's and is nobody's: the same in
// every demonstration, so that its pages can be compared.
func invented(i, n int) int {
	if n == 1 {
		return 37
	}
	return 180 + (i*67)%190
}

// roster spreads n candidates over the lines: a third sits the sciences, the rest the social ones;
// a tenth are continuing-education candidates, who never sit civic education (V-11).
func roster(lines []exam.Line, n int) exam.Roster {
	sciences, gdtx := n/3, n/10
	counts := exam.Roster{}
	for _, l := range lines {
		c := exam.Count{Registered: n, Continuing: gdtx}
		switch {
		case l.PaperCode == "khtn":
			c = exam.Count{Registered: sciences}
		case l.PaperCode == "khxh" && l.GeneralOnly:
			c = exam.Count{Registered: n - sciences - gdtx}
		case l.PaperCode == "khxh":
			c = exam.Count{Registered: n - sciences, Continuing: gdtx}
		case l.PaperCode == "ngoai_ngu":
			c = exam.Count{Registered: n - gdtx}
		}
		counts[l.LineKey] = c
	}
	return counts
}
