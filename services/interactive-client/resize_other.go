//go:build !unix

package main

import "context"

// onResize has no signal to wait for here: the window keeps the size it had.
func onResize(_ context.Context, fit func()) { fit() }
