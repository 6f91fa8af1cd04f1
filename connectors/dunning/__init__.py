"""The rules of dunning: days, interest, fees, whose turn it is. Pure: no Django, no database."""
