package client

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"

	"ups/runtime/service"
)

// Silent decisions over a Unix socket, by so many callers that share a session; client
// and server are one process.
func BenchmarkAuthoriseSilent(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			m := newMachine(b)
			m.limits.Rate, m.limits.Burst = 1e9, 1e9
			m.start()
			session, _ := m.open(m.dial())
			b.ReportAllocs()
			b.SetParallelism((callers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
			var before, after syscall.Rusage
			b.ResetTimer()
			syscall.Getrusage(0, &before)
			b.RunParallel(func(pb *testing.PB) {
				sub, err := session.Open(service.Client{SID: 0x10000001, Drive: 'C'})
				if err != nil {
					b.Error(err)
				}
				for pb.Next() {
					if _, err := sub.Authorise(b.Context(), aQuery); err != nil {
						b.Error(err)
					}
				}
			})
			syscall.Getrusage(0, &after)
			b.ReportMetric(float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano())/float64(b.N), "cpu-ns/op")
		})
	}
}
