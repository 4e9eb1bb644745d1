"""The form a textbook prints: collected, factored, ordered."""
