"""Rules of a declaration: what it says, how far it is, and who may do what to it next."""
