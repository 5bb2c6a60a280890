package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// While little is in use the collector waits, and from then on it is as usual.
func TestRelaxCollector(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	percent := func() uint64 {
		now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(now)
		return now[0].Value.Uint64()
	}
	runtime.GC()
	if relaxCollector(new([2]uint64)); percent() != 400 {
		t.Errorf("with little in use it is at %d", percent())
	}
	much := make([]byte, 32<<20)
	for range 100 { // finalizers run beside, at some time after a collection
		if runtime.GC(); percent() == 100 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if percent() != 100 {
		t.Errorf("with %d bytes in use it is at %d", len(much), percent())
	}
	runtime.KeepAlive(much)
}
