"""`python -m points migrate | serve | rebuild | redrive | openapi`."""

from points.app import create_app
from shared.runtime.command import main

if __name__ == "__main__":
    main("points", create_app)
