"""E-mails to customers: what they say, and what came of sending them."""
