"""What a page shows, as plain data: templates see these and never a database row."""
