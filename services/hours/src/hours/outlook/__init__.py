"""The outlook (达标预告): what a year still asks of a teacher, the cheapest ways there, what will expire."""
