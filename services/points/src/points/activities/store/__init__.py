"""SQL of intake: keys of acts and what they belong to, and the states of objects."""
