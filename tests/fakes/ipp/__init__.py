"""An IPP printer of our own (RFC 8010, RFC 8011), for machines without CUPS and for what no real one can be told."""
