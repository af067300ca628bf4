package serve

import (
	"fmt"

	"ups/cmd/ups/serve/config"
	"ups/runtime"
	"ups/runtime/plugin/desktop"
	"ups/runtime/plugin/destination"
	"ups/runtime/plugin/terminal"
	"ups/runtime/server"
	"ups/runtime/service"
)

// plugIns are those of the configuration.
type plugIns struct {
	of       config.PlugIns
	attached *server.PlugIns // programs
	panel    *controlPanel
}

// Evaluator is service.PlugIns.
func (p plugIns) Evaluator(uid uint32) (service.EvaluatorFactory, error) {
	switch p.of.Evaluators[uid] {
	case config.Attached:
		return p.attached.Evaluator(uid)
	case config.Destination:
		return destination.New(destination.Evaluator{}), nil
	}
	return nil, fmt.Errorf("plug-ins of the configuration has no such evaluator: %w", runtime.ErrMissingPolicyEvaluator)
}

// DialogCreator is service.PlugIns.
func (p plugIns) DialogCreator(uid uint32) (service.DialogCreatorFactory, error) {
	switch p.of.Creators[uid] {
	case config.Attached:
		return p.attached.DialogCreator(uid)
	case config.Terminal:
		return terminal.New(terminal.Options{}), nil
	case config.Desktop:
		return desktop.New(desktop.Options{}), nil
	case config.ByPanel:
		return p.panel.DialogCreator, nil
	}
	return nil, fmt.Errorf("plug-ins of the configuration has no such creator: %w", runtime.ErrMissingDialogCreator)
}
