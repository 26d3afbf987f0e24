"""Sources: one adapter for each kind of export. ``contract`` says what an adapter is; ``registry`` finds them."""
