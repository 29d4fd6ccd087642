"""HTTP of the annual plans: what is done to them, and what is seen of them."""
