"""Room: one message for each recipient, the dialogue with mail servers, and what comes back from them."""
