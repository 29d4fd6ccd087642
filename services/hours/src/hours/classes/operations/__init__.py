"""What is done with classes, a module an act."""
