"""What pages, documents and logs read of returned goods and samples."""
