"""A stand-in for ezeep Blue."""
