package messages

import (
	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// EncodeStatus returns the message of what a service is doing.
func EncodeStatus(st service.Status) *upsv1.StatusResponse {
	return &upsv1.StatusResponse{
		Sessions: int32(st.Sessions), Requests: int32(st.Requests), Waiting: int32(st.Waiting),
		Dialog: st.Dialog, Round: st.Round, Disputes: int32(st.Disputes), Undeleted: st.Undeleted,
	}
}

// DecodeStatus is the other way round.
func DecodeStatus(m *upsv1.StatusResponse) service.Status {
	return service.Status{
		Sessions: int(m.Sessions), Requests: int(m.Requests), Waiting: int(m.Waiting),
		Dialog: m.Dialog, Round: m.Round, Disputes: int(m.Disputes), Undeleted: m.Undeleted,
	}
}
