"""Suppliers and their own 8D: kept, asked, given a link, judged, taken over, reminded."""
