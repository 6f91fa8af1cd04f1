"""Business documents as PDF: a dataclass in, bytes out.  Pure: no Django, no database."""
