"""What happens to orders and their documents; a module per noun, as in the models."""
