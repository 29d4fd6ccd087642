"""Rules of courses, without a store: what is told of one, how far it is, what is late, who may do what."""
