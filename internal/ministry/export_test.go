package ministry

// SampleFields gives the names of the fields that the sample has; FieldsOf those a paper is filled with.
func SampleFields() map[string]bool { return namesIn(sampleData()) }

// FieldsOf is explained at SampleFields.
func FieldsOf(p Paper) map[string]bool {
	return namesIn(p.Content.data(p.Texts, p.Recipients, origin{}, "2021-07"))
}

func namesIn(data map[string]any) map[string]bool {
	names := map[string]bool{}
	for name, v := range data {
		names[name] = true
		rows, _ := v.([]map[string]any)
		if group, ok := v.(map[string]any); ok {
			rows = []map[string]any{group}
		}
		for _, r := range rows {
			for field := range r {
				names[name+"."+field] = true
			}
		}
	}
	return names
}
