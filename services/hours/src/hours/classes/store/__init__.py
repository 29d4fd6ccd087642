"""SQL of the classes, a module a noun, and their projection."""
