package client

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// maxResult is how many bytes a result may have. A longer one, which is close to
// what a server takes, would end the stream instead of its request.
const maxResult = 60 << 10

// maxErrorText is where the text of an error is cut off, in bytes.
const maxErrorText = 1024

var (
	errMethod = errors.New("the plug-in has no such method")
	errEnded  = fmt.Errorf("%w: it ended its goroutine", service.ErrPlugInPanic)
)

// answer calls the plug-in, which may panic or end the goroutine, as may the methods
// of the error that it returns: then that is the result. A goroutine that was ended
// goes on in the functions that it has deferred, so send is called by one.
func answer(ctx context.Context, r *servedRequest, call *upsv1.PlugInCall, send func(*upsv1.PlugInResult)) {
	result := failed(errEnded)
	defer func() {
		if value := recover(); value != nil {
			result = failed(panicked(value))
		}
		if size := proto.Size(result); size > maxResult {
			result = failed(fmt.Errorf("the plug-in's result has %d bytes, the limit is %d", size, maxResult))
		}
		result.Id = call.GetId()
		send(result)
	}()
	result = called(ctx, r, call)
}

// panicked returns the error for the value of a panic, of which only what is text is
// shown: another may be too large.
func panicked(value any) error {
	switch value.(type) {
	case error, string, fmt.Stringer:
		return fmt.Errorf("%w: %s", service.ErrPlugInPanic, fmt.Sprint(value))
	}
	return fmt.Errorf("%w: %T", service.ErrPlugInPanic, value)
}

func failed(err error) *upsv1.PlugInResult {
	text := err.Error()
	if len(text) > maxErrorText {
		text = text[:maxErrorText]
	}
	return &upsv1.PlugInResult{
		Result: &upsv1.PlugInResult_Error{Error: strings.ToValidUTF8(text, "\uFFFD")},
		Detail: messages.EncodeError(err),
	}
}

// called calls the method.
func called(ctx context.Context, r *servedRequest, call *upsv1.PlugInCall) *upsv1.PlugInResult {
	p, err := r.made()
	if err != nil {
		return failed(err)
	}
	var result *upsv1.PlugInResult
	switch {
	case p.evaluator != nil:
		result, err = evaluate(ctx, p.evaluator, call)
	case p.creator != nil:
		result, err = prompt(ctx, p.creator, call)
	}
	if err != nil {
		return failed(err)
	}
	return result
}

func evaluate(ctx context.Context, e service.PolicyEvaluator, call *upsv1.PlugInCall) (*upsv1.PlugInResult, error) {
	switch method := call.GetMethod().(type) {
	case *upsv1.PlugInCall_Fingerprints:
		request, err := messages.DecodeRequest(method.Fingerprints)
		if err != nil {
			return nil, err
		}
		says, err := e.Fingerprints(ctx, &request)
		if err != nil {
			return nil, err
		}
		m, err := messages.EncodeEvaluation(says)
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Evaluation{Evaluation: m}}, err
	case *upsv1.PlugInCall_ForcePrompt:
		rec, err := messages.DecodeRecord(method.ForcePrompt.GetRecord())
		if err != nil {
			return nil, err
		}
		force, info, err := e.ForcePrompt(ctx, rec)
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Forced{Forced: &upsv1.Forced{Force: force, Info: info}}}, err
	}
	return nil, errMethod
}

func prompt(ctx context.Context, c service.DialogCreator, call *upsv1.PlugInCall) (*upsv1.PlugInResult, error) {
	switch method := call.GetMethod().(type) {
	case *upsv1.PlugInCall_Prepare:
		prompt, err := messages.DecodePrompt(method.Prepare)
		if err != nil {
			return nil, err
		}
		err = c.Prepare(ctx, prompt)
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Prepared{Prepared: &upsv1.Prepared{}}}, err
	case *upsv1.PlugInCall_Display:
		choice, err := c.Display(ctx, method.Display.GetInfo())
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Choice{Choice: messages.EncodeChoice(choice)}}, err
	}
	return nil, errMethod
}
