"""Chaos for the whole product, and an independent reader that compares what came out with what was committed."""
