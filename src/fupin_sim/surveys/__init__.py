"""Scripts that turn public microdata into a survey file beside its mapping; the data themselves are never copied in."""
