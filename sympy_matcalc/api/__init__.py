"""What a user calls: derivatives, and products with derivatives."""
