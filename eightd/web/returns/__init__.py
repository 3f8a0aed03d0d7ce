"""The pages of returned goods: announcing, the board, one return with its next step."""
