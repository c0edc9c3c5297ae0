package triage

import "context"

// Search is Solve without looking at every choice.
func Search(ctx context.Context, p Problem) (*Answer, error) { return solve(ctx, p, 0) }
