"""Floor 0: what things are. Frozen types and pure rules; no file, clock, environment, randomness or logger."""
