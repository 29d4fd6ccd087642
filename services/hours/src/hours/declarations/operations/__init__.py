"""What is done with declarations: those who hold them hand them in, those who review them decide."""
