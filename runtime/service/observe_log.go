package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"ups/runtime"
)

// Mask is a set of fields that aren't logged: "masked" is, in their place.
type Mask uint8

// The fields. An error of a plug-in may hold any of them, so with any of them
// masked, only the platform's name of an error, or its kind, is logged.
const (
	MaskClient      Mask = 1 << iota // SID and vendor id of the client
	MaskDestination                  // what the request is about
	MaskEntity                       // the client entity
)

const maskedText = "masked"

// log logs an event, if there is a log.
func (s *Server) log(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr) {
	if s.opt.Log != nil {
		s.opt.Log.LogAttrs(ctx, level, message, attrs...)
	}
}

// hex returns the attribute of an identity, as the platform's tools write it.
func hex(name string, v uint32) slog.Attr { return slog.String(name, fmt.Sprintf("0x%08X", v)) }

// logOutcome writes the decision log.
func (s *Server) logOutcome(ctx context.Context, o *Outcome, err error) {
	if s.opt.Log != nil {
		logOutcome(ctx, s.opt.Log, s.opt.Mask, o, err)
	}
}

// OutcomeLog returns a function for Options.OnOutcome that writes what Options.Log
// gets of each request to a log of its own, without the fields of a mask of its own.
func OutcomeLog(log *slog.Logger, mask Mask) func(context.Context, Outcome, error) {
	return func(ctx context.Context, o Outcome, err error) { logOutcome(ctx, log, mask, &o, err) }
}

func logOutcome(ctx context.Context, log *slog.Logger, mask Mask, o *Outcome, err error) {
	if log.Enabled(ctx, slog.LevelInfo) {
		log.LogAttrs(ctx, slog.LevelInfo, "authorise", o.Attrs(mask, err)...)
	}
}

// Attrs returns what the log says of a request that ended with an error, or nil: without
// the fields of a mask, and what may hold them.
func (o *Outcome) Attrs(mask Mask, err error) []slog.Attr {
	attrs := append(make([]slog.Attr, 0, 20), hex("server", o.Server), hex("service", o.Service))
	attrs = append(attrs, mask.field(MaskClient, hex("client", o.Client.SID)), mask.field(MaskClient, hex("vendor", o.Client.VendorID)),
		mask.field(MaskDestination, slog.String("destination", o.Destination)), slog.Bool("passed", o.Passed))
	if o.Entity != "" {
		attrs = append(attrs, mask.field(MaskEntity, slog.String("entity", o.Entity)))
	}
	if o.Matched {
		attrs = append(attrs, slog.Int("policy", o.Policy.Index+1),
			slog.Int("major", int(o.Policy.Major)), slog.Int("minor", int(o.Policy.Minor)))
	}
	attrs = append(attrs, slog.String("source", o.Source.String()), slog.String("decision", o.Decision.String()),
		slog.Duration("duration", o.Duration))
	if o.Forced {
		attrs = append(attrs, slog.Bool("forced", true))
	}
	if o.Expired != NotExpired {
		attrs = append(attrs, slog.String("expired", o.Expired.String()))
	}
	if err != nil {
		attrs = append(attrs, mask.err(err), slog.Int("code", int(Code(err))))
	}
	return attrs
}

// ErrorKey is the key of an error in a log.
const ErrorKey = "error"

// field returns the attribute of a field, or one of its name without its value.
func (m Mask) field(field Mask, a slog.Attr) slog.Attr {
	if m&field != 0 {
		return slog.String(a.Key, maskedText)
	}
	return a
}

// err returns the attribute of an error, without what is masked.
func (m Mask) err(err error) slog.Attr {
	if m == 0 {
		return slog.Any(ErrorKey, err)
	}
	for _, known := range codes {
		if errors.Is(err, known.err) {
			return slog.String(ErrorKey, known.err.Error())
		}
	}
	if e := runtime.Error(0); errors.As(err, &e) {
		return slog.String(ErrorKey, e.Error())
	}
	return slog.String(ErrorKey, maskedText)
}

// stack returns the stack of a plug-in's panic. It holds no values of text.
func stack(err error) slog.Attr {
	if p := (*panicError)(nil); errors.As(err, &p) {
		return slog.String("stack", string(p.stack))
	}
	return slog.Attr{}
}
