"""Rules of issuing: what a verdict calls for, given the certificate that stands. Pure."""
