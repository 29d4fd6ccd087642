"""What was handed over to the province (移交): pushed to its address, and said where it does not answer."""
