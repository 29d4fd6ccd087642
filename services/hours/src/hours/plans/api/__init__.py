"""HTTP of the plans: make, submit, decide on and look at them; hand in results and register who passed."""
