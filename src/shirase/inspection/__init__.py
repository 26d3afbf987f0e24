"""Room: independent checks of finished bytes, by other libraries than those that made them."""
