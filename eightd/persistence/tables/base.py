"""What every table shares: the declarative base, UTC instants, enumerations as plain text."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

E = TypeVar("E", bound=StrEnum)


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC and read back aware on both stores; a naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware instant into UTC (without zone where the store has none)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone must not be stored")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Read the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(sa.types.TypeDecorator[E]):
    """A ``StrEnum`` kept as its plain value, so that the store stays readable without the program."""

    impl = sa.String(40)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        """Remember which enumeration the column holds."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: sa.Dialect) -> str | None:
        """Store the plain value; a foreign string is refused by the enumeration."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> E | None:
        """Read the member back."""
        return None if value is None else self.kind(value)


class Scaled(sa.types.TypeDecorator[Decimal]):
    """An exact decimal kept as a whole number of its last place, so that both stores add it up exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        """Remember how many places behind the point are kept."""
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        """Store the number; one with more places than are kept is refused, not rounded."""
        if value is None:
            return None
        scaled = value.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(scaled)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        """Read the number back, a sum too."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


Money = Scaled(4)
"""An amount in whatever currency: four places are enough for every one."""

Rate = Scaled(8)
"""An exchange rate, or a share in percent."""


class Base(DeclarativeBase):
    """Metadata with constraint names that migrations can rely on, equal on both stores."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
