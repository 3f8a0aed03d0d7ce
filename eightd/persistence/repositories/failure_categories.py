"""Failure categories as the rules see them: those that serve every plant and those of one."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.returns.categories import Branch, Category, Meaning, tree
from eightd.domain.returns.pieces import Known
from eightd.persistence.tables.returns import FailureCategoryRow


def branches(session: Session, plants: Collection[int]) -> tuple[Branch, ...]:
    """Return the tree that the plants share or keep, in order, what is offered no more among it."""
    rows = session.execute(
        sa.select(FailureCategoryRow).where(
            sa.or_(FailureCategoryRow.plant_id.is_(None), FailureCategoryRow.plant_id.in_(sorted(plants)))
        )
    ).scalars()
    return tree(map(category, rows))


def category(row: FailureCategoryRow) -> Category:
    """Return a row as the rules see it."""
    return Category(
        id=row.id,
        parent_id=row.parent_id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        own_meaning=Meaning(row.meaning) if row.meaning else None,
        plant_id=row.plant_id,
        active=row.active,
        version=row.version,
    )


def known(tree_of_plant: Collection[Branch]) -> dict[int, Known]:
    """Return what a piece may have, by id: everything there is, for what was chosen once may stay."""
    return {one.category.id: Known(one.name(), one.meaning) for one in tree_of_plant}
