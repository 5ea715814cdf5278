package demo

import "bangvang/internal/base/text"

// districts of Lai Châu up to 30/6/2025, in the order of their codes 105 to 112.
var districts = []string{"Thành phố Lai Châu", "Huyện Tam Đường", "Huyện Mường Tè", "Huyện Sìn Hồ", "Huyện Phong Thổ", "Huyện Than Uyên", "Huyện Tân Uyên", "Huyện Nậm Nhùn"}

// A unit of the demonstration. The offices are those the plan of 2021 names.
type unit struct {
	code, kind, parent, locality string
	name, short                  string
	phone, email, contact        string
	aliases                      []string
	until                        string
}

// schools and the district each lies in. The names were seen in public lists that nobody checked.
var schools = []struct{ name, district string }{
	{"THPT Chuyên Lê Quý Đôn", "Thành phố Lai Châu"},
	{"THPT Thành phố Lai Châu", "Thành phố Lai Châu"},
	{"THPT Quyết Thắng", "Thành phố Lai Châu"},
	{"THPT Bình Lư", "Huyện Tam Đường"},
	{"THPT Mường Tè", "Huyện Mường Tè"},
	{"THPT Sìn Hồ", "Huyện Sìn Hồ"},
	{"THPT Phong Thổ", "Huyện Phong Thổ"},
	{"THPT Mường So", "Huyện Phong Thổ"},
	{"THPT Than Uyên", "Huyện Than Uyên"},
	{"THPT Mường Than", "Huyện Than Uyên"},
	{"THPT Tân Uyên", "Huyện Tân Uyên"},
	{"THPT Nậm Nhùn", "Huyện Nậm Nhùn"},
}

func units() []unit {
	list := []unit{
		{code: "bo", kind: "ministry", name: "Bộ Giáo dục và Đào tạo", short: "Bộ GDĐT"},
		{code: "van-phong-bo", kind: "ministry", parent: "bo", name: "Văn phòng Bộ Giáo dục và Đào tạo", short: "Văn phòng Bộ"},
		{code: "ubnd", kind: "provincial", name: "Ủy ban nhân dân tỉnh Lai Châu", short: "UBND tỉnh"},
		{code: "bcd", kind: "council", name: "Ban Chỉ đạo thi tốt nghiệp THPT tỉnh Lai Châu", short: "Ban Chỉ đạo thi", aliases: []string{"BCĐ thi"}},
		{code: "so", kind: "department", locality: "Tỉnh Lai Châu", name: "Sở Giáo dục và Đào tạo Lai Châu", short: "Sở GDĐT",
			phone: "02133799569, 02133876961", email: "vp.sogddt@laichau.gov.vn", contact: "Văn phòng Sở", aliases: []string{"SGDĐT", "Sở GD&ĐT"}},
		{code: "van-phong", kind: "office", parent: "so", name: "Văn phòng Sở", short: "Văn phòng"},
		{code: "khao-thi", kind: "office", parent: "so", name: "Phòng Khảo thí và Quản lý chất lượng giáo dục", short: "Phòng KT&QLCLGD"},
		{code: "ct-tt", kind: "office", parent: "so", name: "Phòng Chính trị - Tư tưởng", short: "Phòng CT-TT"},
		{code: "thanh-tra", kind: "office", parent: "so", name: "Thanh tra Sở", short: "Thanh tra", until: "2025-06-30"},
		{code: "hoi-dong", kind: "council", parent: "so", name: "Hội đồng thi tỉnh Lai Châu", short: "Hội đồng thi"},
		{code: "ban-tuyen-giao", kind: "provincial", name: "Ban Tuyên giáo Tỉnh ủy Lai Châu", short: "Ban Tuyên giáo Tỉnh ủy"},
		{code: "bao-lai-chau", kind: "media", name: "Báo Lai Châu", short: "Báo Lai Châu"},
		{code: "dai-pt-th", kind: "media", name: "Đài Phát thanh và Truyền hình tỉnh Lai Châu", short: "Đài PT-TH tỉnh"},
		{code: "so-tt-tt", kind: "provincial", name: "Sở Thông tin và Truyền thông", short: "Sở TT&TT"},
	}
	for _, s := range schools {
		list = append(list, unit{code: text.Slug(s.name), kind: "school", parent: "so", locality: s.district, name: "Trường " + s.name, short: s.name})
	}
	for _, d := range districts[1:] {
		name := "Trung tâm GDNN-GDTX " + lowerFirst(d)
		list = append(list, unit{code: "gdtx-" + text.Slug(d), kind: "centre", parent: "so", locality: d, name: name, short: name,
			aliases: []string{"Trung tâm GDTX-GDNN " + lowerFirst(d)}})
	}
	return list
}

// lowerFirst writes "Huyện Tam Đường" as it stands inside a name: "huyện Tam Đường".
func lowerFirst(district string) string { return "h" + district[len("H"):] }
