package deliver

// standardFormat makes the body that Standard Webhooks recommends (B3): type,
// timestamp, which is when it happened, and the data byte for byte (promise 4).
func standardFormat(r *rendering) ([]byte, string, *fault) {
	const frame = len(`{"type":"","timestamp":"2006-01-02T15:04:05.000Z","data":{}}`)
	e := &r.in.Event
	body := make([]byte, 0, frame+len(e.Type)+len(e.Data))
	body = appendJSONString(append(body, `{"type":`...), e.Type)
	body = append(e.OccurredAt.UTC().AppendFormat(append(body, `,"timestamp":"`...), instant), `","data":`...)
	if len(e.Data) == 0 {
		body = append(body, `{}`...)
	}
	return append(append(body, e.Data...), '}'), jsonType, nil
}
