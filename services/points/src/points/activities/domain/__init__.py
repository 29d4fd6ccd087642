"""The counting rules, pure: acts in, object states and claims out; no clock, no store."""
