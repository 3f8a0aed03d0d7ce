"""The customer asked how satisfied it is, its answer, and what follows an unhappy one."""
