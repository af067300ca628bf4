package decision_test

import (
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

func newMemory(testing.TB) decision.DB { return decision.NewMemory() }

// newCached has a cache so small that it is always forgetting.
func newCached(testing.TB) decision.DB { return decision.NewCached(decision.NewMemory(), 3) }

func newUncached(testing.TB) decision.DB { return decision.NewCached(decision.NewMemory(), -1) }

func TestContract(t *testing.T) {
	t.Run("memory", func(t *testing.T) { decisiontest.Run(t, newMemory) })
	t.Run("cached", func(t *testing.T) { decisiontest.Run(t, newCached) })
	t.Run("uncached", func(t *testing.T) { decisiontest.Run(t, newUncached) })
}

func TestModel(t *testing.T) {
	t.Run("memory", func(t *testing.T) { decisiontest.Model(t, newMemory, nil) })
	t.Run("cached", func(t *testing.T) { decisiontest.Model(t, newCached, nil) })
}
