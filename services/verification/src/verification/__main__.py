"""`python -m verification migrate | serve | rebuild | redrive | openapi`."""

from shared.runtime.command import main
from verification.app import create_app

main("verification", create_app)
