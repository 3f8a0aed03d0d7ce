"""Every use case is proven on each kind of store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import factories
from tests.usecases.case import Case


@pytest.fixture
def case_of(store_world: factories.World) -> Callable[..., Case]:
    """Register a complaint and return it, ready to be driven by the people of the plant."""
    return lambda **others: Case(store_world, **others)


@pytest.fixture
def case(store_world: factories.World) -> Case:
    """A complaint just registered: 15 adapters without output."""
    return Case(store_world)
