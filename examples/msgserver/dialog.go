package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ups/policy"
	"ups/runtime"
)

// answers are the script: what the user says to whom, about which number. To
// what isn't in it, the user says nothing.
var answers = map[question]policy.Options{
	{gameSID, friend}:  policy.SessionYes,
	{gameSID, premium}: policy.No,
	{mailSID, friend}:  policy.Always,
}

type question struct {
	client uint32
	number string
}

// scripted makes a dialog creator that answers by the script.
func scripted(out io.Writer) runtime.NewDialogCreator {
	return func() (runtime.DialogCreator, error) { return &script{out: out}, nil }
}

type script struct {
	out    io.Writer
	prompt *runtime.Prompt
}

func (s *script) Prepare(_ context.Context, p *runtime.Prompt) error {
	s.prompt = p
	return nil
}

func (s *script) Display(ctx context.Context, _ uint32) (runtime.Choice, error) {
	if option, ok := answers[question{s.prompt.Client.SID, s.prompt.Destination}]; ok {
		fmt.Fprintf(s.out, "  the user: %s\n", option.Names())
		return runtime.Choice{Option: option}, nil
	}
	<-ctx.Done()
	fmt.Fprintln(s.out, "  the dialog vanishes")
	return runtime.Choice{}, runtime.ErrNoAnswer
}

// announced makes a dialog creator of another that says when a dialog comes up,
// and calls gone when the user leaves one without an answer.
func announced(user runtime.NewDialogCreator, out io.Writer, up chan<- struct{}, gone func()) runtime.NewDialogCreator {
	return func() (runtime.DialogCreator, error) {
		d, err := user()
		return &announcer{DialogCreator: d, out: out, up: up, gone: gone}, err
	}
}

type announcer struct {
	runtime.DialogCreator
	out    io.Writer
	up     chan<- struct{}
	gone   func()
	prompt *runtime.Prompt
}

func (a *announcer) Prepare(ctx context.Context, p *runtime.Prompt) error {
	a.prompt = p
	return a.DialogCreator.Prepare(ctx, p)
}

func (a *announcer) Display(ctx context.Context, info uint32) (runtime.Choice, error) {
	p := a.prompt
	fmt.Fprintf(a.out, "  may %s send to %s? %s\n", nameOf(p.Client.SID), p.Destination, p.Policy.Policy.Options.Names())
	select {
	case a.up <- struct{}{}:
	default: // nobody has taken the last one yet
	}
	choice, err := a.DialogCreator.Display(ctx, info)
	if errors.Is(err, runtime.ErrNoAnswer) && ctx.Err() == nil {
		a.gone()
	}
	return choice, err
}
