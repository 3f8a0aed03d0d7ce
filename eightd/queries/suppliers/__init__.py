"""Reading side of suppliers: the list, the cases of a complaint, one case, what its guest sees."""
