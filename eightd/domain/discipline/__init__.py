"""What each discipline D0–D8 answers, as structured rows (procedure 7)."""
