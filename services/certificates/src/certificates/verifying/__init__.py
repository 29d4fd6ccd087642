"""Public verification (公开查验): is a certificate genuine, what does it say; for anyone."""
