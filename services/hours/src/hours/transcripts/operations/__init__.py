"""What is done with transcripts: their content is put together, signed and kept."""
