"""What is done with plans: a school makes and submits one, its authority decides, results become records."""
