"""What a verdict or an order calls for, given the certificate that stands. Pure."""
