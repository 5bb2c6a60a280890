package main

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

func TestTheDriverIsPinned(t *testing.T) { npmtest.Pinned(t, pinned) }
