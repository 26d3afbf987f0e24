"""Records of one layout read many at a time, by column; whatever is odd is left to be read by itself."""
