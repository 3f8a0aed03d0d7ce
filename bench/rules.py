"""How many complaints are classified per second, with every rule's reason worded."""

from __future__ import annotations

import random
from time import perf_counter

from eightd.domain.classification import criteria
from eightd.domain.classification.classify import classify
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine


def classifications_per_second(complaints: int = 20_000) -> float:
    """Return how many complaints of one to four defect lines are classified per second."""
    chance = random.Random(8)
    kinds = list(DefectKind)
    counts = [
        DefectCounts(
            tuple(
                DefectLine(chance.choice(kinds), f"现象 {chance.randrange(20)}", chance.randrange(1, 40), 600)
                for _ in range(chance.randrange(1, 5))
            ),
            600,
        )
        for _ in range(complaints)
    ]
    begun = perf_counter()
    for one in counts:
        classify(one, criteria.STANDARD)
    return complaints / (perf_counter() - begun)
