"""PostgreSQL as the tests use it; see ``base``."""
