"""What people write about an incident: read, checked as a whole, and started from examples."""
