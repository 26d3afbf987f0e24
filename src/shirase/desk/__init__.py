"""Floor 4: the review pages, for people who never use a terminal."""
