"""A PrintNode of our own: see https://www.printnode.com/en/docs/api/curl for the real one."""
