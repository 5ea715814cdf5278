package documents

import "bangvang/internal/base/audit"

// Words say what this capability writes into the log, its workflow steps by their buttons.
func Words() audit.Words {
	w := audit.Words{
		Title: "Văn bản",
		Actions: map[string]string{
			"document.enter": "Vào sổ", "document.edit": "Sửa thông tin", "document.reading": "Sửa bản đọc", "document.file": "Thêm tệp", "document.file.drop": "Bỏ tệp",
			"document.relate": "Thêm quan hệ", "document.unrelate": "Bỏ quan hệ", "document.class": "Ghi mức độ", "document.clear": "Xác nhận về dữ liệu cá nhân",
			"document.numbered": "Ghi số", "document.return": "Trả lại", "document.issuer": "Ghi cơ quan ban hành", "document.import": "Nhập văn bản từ bảng tính",
		},
		Kinds: map[string]string{kindName: "Văn bản", "document_issuer": "Cơ quan ban hành", "document_import": "Bảng tính"},
		Fields: map[string]string{
			"from": "từ bước", "to": "sang bước", "document.issuer from": "từ ngày", "file": "tệp", "sha256": "", "supersedes": "", "rows": "số dòng",
			"number": "số, ký hiệu", "day": "ngày", "after": "sau số", "in": "trong", "characters": "số ký tự", "kind": "quan hệ", "target": "với", "class": "mức độ",
		},
		Values: map[string]map[string]string{"from": {}, "to": {}, "kind": {}, "class": {}},
	}
	for _, k := range []Kind{Incoming, Own} {
		table := tableOf(k)
		for state, title := range table.States {
			if w.Values["from"][string(state)] == "" {
				w.Values["from"][string(state)], w.Values["to"][string(state)] = title, title
			}
		}
		for _, step := range table.Steps {
			if action := kindName + "." + step.Do; w.Actions[action] == "" {
				w.Actions[action] = step.Title
			}
		}
	}
	for _, k := range RelationKinds() {
		w.Values["kind"][string(k)] = k.Title()
	}
	for _, c := range []Class{Public, Internal} {
		w.Values["class"][string(c)] = c.Title()
	}
	for _, f := range (Content{}).facts(&Catalog{}) {
		if w.Fields[f.name] == "" {
			w.Fields[f.name] = f.label
		}
	}
	return w
}
