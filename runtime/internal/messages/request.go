package messages

import (
	"fmt"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// EncodeClient leaves out whether the process has ended, which is asked with each
// request.
func EncodeClient(c service.Client) *upsv1.Client {
	m := &upsv1.Client{Sid: c.SID, VendorId: c.VendorID, Program: []byte(c.Program)}
	if c.Drive != 0 {
		m.Drive = string(rune(c.Drive))
	}
	return m
}

// DecodeClient takes a missing client for the zero one.
func DecodeClient(m *upsv1.Client) (service.Client, error) {
	c := service.Client{SID: m.GetSid(), VendorID: m.GetVendorId(), Program: string(m.GetProgram())}
	switch drive := m.GetDrive(); {
	case drive == "":
	case len(drive) == 1 && isLetter(drive[0]):
		c.Drive = drive[0]
	default:
		return c, fmt.Errorf("%w: the drive %.8q is not a letter", ErrInvalid, drive)
	}
	return c, nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// EncodeQuery is of a query whose destination is UTF-8.
func EncodeQuery(q service.Query) *upsv1.Query {
	return &upsv1.Query{Service: q.Service, Destination: q.Destination, Passed: q.Passed, Opaque: q.Opaque}
}

// DecodeQuery takes a missing query for the zero one.
func DecodeQuery(m *upsv1.Query) service.Query {
	return service.Query{Service: m.GetService(), Destination: m.GetDestination(), Passed: m.GetPassed(), Opaque: m.GetOpaque()}
}

// EncodeRequest makes what plug-ins see of a request.
func EncodeRequest(r *service.Request) *upsv1.PromptedRequest {
	return &upsv1.PromptedRequest{
		Server: r.Server,
		Client: EncodeClient(r.Client),
		Query:  EncodeQuery(r.Query),
		Policy: EncodePolicy(r.Policy),
	}
}

// DecodeRequest is EncodeRequest's inverse.
func DecodeRequest(m *upsv1.PromptedRequest) (r service.Request, err error) {
	r.Server, r.Query = m.GetServer(), DecodeQuery(m.GetQuery())
	if r.Client, err = DecodeClient(m.GetClient()); err == nil {
		r.Policy, err = DecodePolicy(m.GetPolicy())
	}
	return r, err
}
