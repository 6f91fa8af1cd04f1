"""Every print service against every fault, the real way: rows in a database, a real worker, a real service process.

``python -m tests.matrix`` runs it by itself; :mod:`tests.matrix.expected` says what has to come of each cell and why.
"""
