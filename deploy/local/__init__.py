"""The stack on a laptop: PostgreSQL and NATS from their wheels, the services as processes, the main job."""
