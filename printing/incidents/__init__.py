"""What a person has to be told: found, put into words, told once."""
