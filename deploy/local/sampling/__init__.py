"""The sample year: an invented year of three schools, generated from a seed and shipped as files."""
