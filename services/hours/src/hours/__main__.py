"""`python -m hours migrate | serve | rebuild | redrive | openapi`."""

from hours.app import create_app
from shared.runtime.command import main

if __name__ == "__main__":
    main("hours", create_app)
