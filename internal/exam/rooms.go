package exam

import (
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
)

// RoomLimit is how many candidates a room holds at most [TT15 Điều 9.2b].
const RoomLimit = 24

// A Room is an exam room (phòng thi). Numbers run through the whole Council, so a number stands
// once in a round [TT15 Điều 9.2c].
type Room struct {
	Number   int
	Capacity int // 1 to RoomLimit
	Note     string
}

// RoomsNeeded gives how many rooms n candidates of one paper need, V-07.
func RoomsNeeded(n int) int { return (n + RoomLimit - 1) / RoomLimit }

// Rooms gives the rooms of a site by number.
func (s *Service) Rooms(ctx context.Context, site SiteID) ([]Room, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{Site: string(site)}); err != nil {
		return nil, err
	}
	return readRooms(ctx, s.DB.Read(), site)
}

// SetRooms replaces the rooms of a site.
//
// It returns fault.Invalid with fields "room.0.number", "room.0.capacity" …: a room of more than 24,
// a number that stands twice or at another site of the round; fault.Conflict when the site was
// changed since version.
func (s *Service) SetRooms(ctx context.Context, id SiteID, version int, rooms []Room) error {
	ctx, err := s.Policy.Enter(ctx, ActSites, access.Place{Site: string(id)})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		site, err := readSite(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := examOfRound(ctx, tx, site.Round)
		if err != nil {
			return err
		}
		return s.setRooms(ctx, tx, e, site, version, rooms)
	})
}

func (s *Service) setRooms(ctx context.Context, tx *db.Tx, e Exam, site Site, version int, rooms []Room) error {
	elsewhere, err := roomOwners(ctx, tx, site)
	if err != nil {
		return err
	}
	var c checker
	seen := map[int]bool{}
	for i, r := range rooms {
		field := fmt.Sprintf("room.%d.", i)
		owner, taken := elsewhere[r.Number]
		switch {
		case r.Number < 1 || r.Number > 99_999:
			c.fail(field+"number", "Số phòng thi phải từ 1 trở lên.")
		case seen[r.Number]:
			c.fail(field+"number", "Phòng số %d có hai lần trong danh sách.", r.Number)
		case taken:
			c.fail(field+"number", "Phòng số %d đã thuộc điểm thi %s. Số phòng không trùng nhau trong cả Hội đồng thi.", r.Number, owner)
		}
		seen[r.Number] = true
		if r.Capacity < 1 || r.Capacity > RoomLimit {
			c.fail(field+"capacity", "Phòng số %d ghi %d thí sinh; mỗi phòng có từ 1 đến %d thí sinh.", r.Number, r.Capacity, RoomLimit)
		}
		c.short(field+"note", "ghi chú của phòng", r.Note, 200)
	}
	if err := c.err(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM exam_room WHERE site = $1", site.ID); err != nil {
		return err
	}
	if err := insertRooms(ctx, tx, site, rooms); err != nil {
		return err
	}
	if err := updateSite(ctx, tx, site, version); err != nil {
		return err
	}
	return s.siteChanged(ctx, tx, e, site, "exam.rooms", fmt.Sprintf("%d phòng", len(rooms)))
}

func readRooms(ctx context.Context, q db.Queryer, site SiteID) ([]Room, error) {
	return db.All(ctx, q, func(s db.Scanner) (r Room, err error) { return r, s.Scan(&r.Number, &r.Capacity, &r.Note) },
		"SELECT number, capacity, note FROM exam_room WHERE site = $1 ORDER BY number", site)
}

// roomOwners gives the names of the round's other sites by the room numbers they have.
func roomOwners(ctx context.Context, q db.Queryer, site Site) (map[int]string, error) {
	owners := map[int]string{}
	_, err := db.All(ctx, q, func(s db.Scanner) (n int, err error) {
		var name string
		err = s.Scan(&n, &name)
		owners[n] = name
		return n, err
	}, "SELECT r.number, s.name FROM exam_room r JOIN exam_site s ON s.id = r.site WHERE r.round = $1 AND r.site <> $2", site.Round, site.ID)
	return owners, err
}

func insertRooms(ctx context.Context, tx *db.Tx, site Site, rooms []Room) error {
	for _, r := range rooms {
		_, err := tx.ExecContext(ctx, "INSERT INTO exam_room (id, round, site, number, capacity, note) VALUES ($1, $2, $3, $4, $5, $6)",
			db.NewID(), site.Round, site.ID, r.Number, r.Capacity, r.Note)
		if err != nil {
			return err
		}
	}
	return nil
}

// PublicRooms counts the rooms of a public site; how many a school provides is no secret, who sits
// in them is.
func (s *Service) PublicRooms(ctx context.Context, site Site) (int, error) {
	var n int
	err := s.DB.Read().QueryRowContext(ctx, "SELECT COUNT(*) FROM exam_room WHERE site = $1", site.ID).Scan(&n)
	return n, err
}
