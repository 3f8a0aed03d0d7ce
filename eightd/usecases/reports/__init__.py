"""What becomes of issued reports: withdrawn, confirmed, compared, packed."""
