"""Which deliveries an administrator looks after."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import DeliveryRow, OutsideMailRow, RelayRow
from eightd.persistence.tables.people import UserPlantRow


def kept_in(plants: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition on deliveries joined with their relay that these plants' administrator looks after.

    Those of the plants' own relays; of a relay that serves all, what goes to people and about complaints of the plants.
    """
    person = sa.select(UserPlantRow.user_id).where(
        UserPlantRow.user_id == DeliveryRow.user_id, UserPlantRow.plant_id.in_(plants)
    )
    reply = (
        sa.select(ReplyRow.id)
        .join(ComplaintRow, ComplaintRow.id == ReplyRow.complaint_id)
        .where(ReplyRow.id == DeliveryRow.reply_id, ComplaintRow.plant_id.in_(plants))
    )
    outside = (
        sa.select(OutsideMailRow.id)
        .join(ComplaintRow, ComplaintRow.id == OutsideMailRow.complaint_id)
        .where(OutsideMailRow.id == DeliveryRow.outside_mail_id, ComplaintRow.plant_id.in_(plants))
    )
    return sa.or_(
        RelayRow.plant_id.in_(plants),
        sa.and_(RelayRow.plant_id.is_(None), sa.or_(person.exists(), reply.exists(), outside.exists())),
    )
