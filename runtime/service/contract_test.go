package service_test

import (
	"testing"

	"ups/runtime/service/servicetest"
)

// The contract of the service holds in one process. Package client runs it over the
// API.
func TestContract(t *testing.T) { servicetest.Run(t, servicetest.InProcess) }
