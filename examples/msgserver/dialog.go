package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ups/policy"
	"ups/runtime/service"
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
func scripted(out io.Writer) service.DialogCreatorFactory {
	return func(uint32) (service.DialogCreator, error) { return &script{out: out}, nil }
}

type script struct {
	out    io.Writer
	prompt *service.Prompt
}

func (s *script) Prepare(_ context.Context, p *service.Prompt) error {
	s.prompt = p
	return nil
}

func (s *script) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	if option, ok := answers[question{s.prompt.Client.SID, s.prompt.Destination}]; ok {
		fmt.Fprintf(s.out, "  the user: %s\n", option)
		return service.Choice{Option: option}, nil
	}
	<-ctx.Done()
	fmt.Fprintln(s.out, "  the dialog vanishes")
	return service.Choice{}, service.ErrNoAnswer
}

// announced makes a dialog creator of another that says when a dialog comes up,
// and calls gone when the user leaves one without an answer.
func announced(user service.DialogCreatorFactory, out io.Writer, up chan<- struct{}, gone func()) service.DialogCreatorFactory {
	return func(uid uint32) (service.DialogCreator, error) {
		d, err := user(uid)
		return &announcer{DialogCreator: d, out: out, up: up, gone: gone}, err
	}
}

type announcer struct {
	service.DialogCreator
	out    io.Writer
	up     chan<- struct{}
	gone   func()
	prompt *service.Prompt
}

func (a *announcer) Prepare(ctx context.Context, p *service.Prompt) error {
	a.prompt = p
	return a.DialogCreator.Prepare(ctx, p)
}

func (a *announcer) Display(ctx context.Context, info uint32) (service.Choice, error) {
	p := a.prompt
	fmt.Fprintf(a.out, "  may %s send to %s? %s\n", nameOf(p.Client.SID), p.Destination, p.Policy.Policy.Options)
	select {
	case a.up <- struct{}{}:
	default: // nobody has taken the last one yet
	}
	choice, err := a.DialogCreator.Display(ctx, info)
	if errors.Is(err, service.ErrNoAnswer) && ctx.Err() == nil {
		a.gone()
	}
	return choice, err
}
