"""Rules of registration: who may register what, on which evidence, and how many hours it gives."""
