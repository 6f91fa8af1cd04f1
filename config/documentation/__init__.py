"""The documentation in the product: Markdown pages in two languages, tables made from the code, one navigation."""
