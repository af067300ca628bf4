package server

import (
	"context"
	"fmt"

	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// evaluator is a policy evaluator that is a program, for one request.
type evaluator struct{ *plugInRequest }

// Fingerprints asks the program.
func (e *evaluator) Fingerprints(ctx context.Context, r *service.Request) (service.Evaluation, error) {
	result, err := e.call(ctx, &upsv1.PlugInCall{Method: &upsv1.PlugInCall_Fingerprints{Fingerprints: messages.EncodeRequest(r)}})
	if err != nil {
		return service.Evaluation{}, err
	}
	if m, ok := result.GetResult().(*upsv1.PlugInResult_Evaluation); ok {
		return messages.DecodeEvaluation(m.Evaluation)
	}
	return service.Evaluation{}, failure(result, "an evaluation")
}

// ForcePrompt asks the program.
func (e *evaluator) ForcePrompt(ctx context.Context, rec decision.Record) (force bool, info uint32, err error) {
	asked := &upsv1.ForcePrompt{Record: messages.EncodeRecord(rec)}
	result, err := e.call(ctx, &upsv1.PlugInCall{Method: &upsv1.PlugInCall_ForcePrompt{ForcePrompt: asked}})
	if err != nil {
		return false, 0, err
	}
	if m, ok := result.GetResult().(*upsv1.PlugInResult_Forced); ok {
		return m.Forced.GetForce(), m.Forced.GetInfo(), nil
	}
	return false, 0, failure(result, "whether to force a prompt")
}

// creator is a dialog creator that is a program, for one request.
type creator struct{ *plugInRequest }

// Prepare fails if the data of the policy evaluator isn't bytes.
func (c *creator) Prepare(ctx context.Context, p *service.Prompt) error {
	prompt, err := messages.EncodePrompt(p)
	if err != nil {
		return err
	}
	result, err := c.call(ctx, &upsv1.PlugInCall{Method: &upsv1.PlugInCall_Prepare{Prepare: prompt}})
	if err != nil {
		return err
	}
	if _, ok := result.GetResult().(*upsv1.PlugInResult_Prepared); ok {
		return nil
	}
	return failure(result, "that the prompt is prepared")
}

// Display asks the program. That the user went away is service.ErrNoAnswer.
func (c *creator) Display(ctx context.Context, info uint32) (service.Choice, error) {
	result, err := c.call(ctx, &upsv1.PlugInCall{Method: &upsv1.PlugInCall_Display{Display: &upsv1.DisplayPrompt{Info: info}}})
	if err != nil {
		return service.Choice{}, err
	}
	switch m := result.GetResult().(type) {
	case *upsv1.PlugInResult_Choice:
		return messages.DecodeChoice(m.Choice), nil
	case *upsv1.PlugInResult_NoAnswer:
		return service.Choice{}, service.ErrNoAnswer
	}
	return service.Choice{}, failure(result, "a choice")
}

// failure returns the error of a result that isn't what was wanted: that of the
// program, or that it answered something else.
func failure(result *upsv1.PlugInResult, wanted string) error {
	if m, ok := result.GetResult().(*upsv1.PlugInResult_Error); ok {
		return messages.DecodePlugInError(result.GetDetail(), m.Error)
	}
	return fmt.Errorf("%w: the program's result isn't %s", messages.ErrInvalid, wanted)
}
