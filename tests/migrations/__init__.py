"""Installations of before: what earlier versions left in their databases, and whether migrations bring it to today.

``dumps/NAME/`` holds the database of one state, as SQL for SQLite and for PostgreSQL; ``README.md`` there says which
state it is. Tests load it, migrate it, and look at everything in it. A dump is never edited: it stands for databases
that nobody can see. ``python -m tests.migrations.dump NAME`` makes the next one (CONTRIBUTING.md says when).
"""
