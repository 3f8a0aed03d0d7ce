"""Failure categories as the administrator keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.returns.categories import SHIPPED, Branch
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import failure_categories
from eightd.persistence.tables.returns import FailureCategoryRow, ReturnCountRow, ReturnPieceRow


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The tree that the actor's plants share and keep; ``used`` by id, ``missing`` of what the program brings along."""

    branches: tuple[Branch, ...]
    used: Mapping[int, int]
    missing: int

    def branch(self, category_id: int) -> Branch | None:
        """Return one category in its tree."""
        return next((one for one in self.branches if one.category.id == category_id), None)


def category_tree(session: Session, actor: Actor) -> CategoryTree:
    """Return the tree with how many pieces and counts of the actor's plants have each category."""
    branches = failure_categories.branches(session, actor.plants)
    used: dict[int, int] = {}
    for column in (ReturnPieceRow.category_id, ReturnCountRow.category_id):
        found = session.execute(
            sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
        )
        for category_id, count in found:
            if category_id is not None:
                used[category_id] = used.get(category_id, 0) + count
    shared = set(
        session.execute(
            sa.select(FailureCategoryRow.code).where(FailureCategoryRow.plant_id.is_(None))
        ).scalars()
    )
    return CategoryTree(branches, used, sum(one.code not in shared for one in SHIPPED))
