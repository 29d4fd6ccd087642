"""`python -m certificates migrate | serve | rebuild | redrive | openapi`."""

from certificates.app import create_app
from shared.runtime.command import main

main("certificates", create_app)
