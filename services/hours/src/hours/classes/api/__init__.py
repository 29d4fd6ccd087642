"""HTTP of the classes, a module a noun."""
