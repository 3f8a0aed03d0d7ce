"""Load thousands of complaints: copies of walked patterns with other people, customers, parts, dates and texts.

What a rule computes is computed for each copy by the rule itself (classification, deadlines with their
ledgers); every chain of the record is hashed and signed as `persistence.audit` does.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench import world as worlds
from bench.bulk import Bulk, compact, loading, settle
from bench.patterns import Pattern, nobody, patterns
from bench.world import World
from eightd.domain.classification import criteria
from eightd.domain.classification.classify import classify
from eightd.domain.clock import due, profile
from eightd.domain.clock.stops import ClockStop
from eightd.domain.complaint import DefectCounts, DefectLine, Flags, Role
from eightd.persistence import audit
from eightd.persistence.official_days import official_calendar
from eightd.persistence.repositories import desk, rules
from eightd.persistence.repositories.deadlines import start_instants
from eightd.persistence.tables.all import Base
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.usecases.classifying import counts_document, reason_documents
from eightd.usecases.deadlines import NOTHING_DUE_AT, ledger_document
from eightd.usecases.services import Services

SEED = 8
YEARS = 6
"""Over how many years the complaints came in, evenly."""

_BATCH = 1_000
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TABLES = Base.metadata.tables
_USER = "user_account.id"
_GENESIS = "0" * 64
"""The hash before the first entry of a chain."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded and how long it took, in seconds, the patterns not counted."""

    complaints: int
    is_open: int
    rows: Mapping[str, int]
    seconds: float


def load(services: Services, size: int, *, seed: int = SEED, now: datetime | None = None) -> Loaded:
    """Fill an empty store with `size` complaints; the same seed and day give the same store."""
    now = now or datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    models = patterns(seed=seed)
    begun = perf_counter()
    services.bring_up_to_date()
    with services.uow.writing(nobody(services)) as work:
        world = worlds.build(
            work.session,
            seed=seed,
            now=now - timedelta(days=365 * YEARS + 30),
            password_hash=services.passwords.hash(worlds.PASSWORD),
        )
    with loading(services.uow.engine) as bulk:
        copier = _Copier(bulk, world, services.uow.signing_key, random.Random(seed), now)
        for batch in _batched(_chosen(models, size, random.Random(seed + 1), now), _BATCH):
            for pattern, weeks in batch:
                copier.copy(pattern, weeks)
            copier.flush()
        copier.write_numbers()
    with services.uow.writing(nobody(services)) as work:
        desk.lay_out_all(work.session)
    settle(services.uow.engine)
    return Loaded(size, copier.open, +copier.written, perf_counter() - begun)


def _chosen(
    models: Sequence[Pattern], size: int, chance: random.Random, now: datetime
) -> Iterator[tuple[Pattern, timedelta]]:
    """Yield which pattern comes next and by how many weeks it is moved, oldest first.

    An ended case came in on any day of the years; an open one so long ago that its last step is up to two
    weeks old.
    """
    bounds = list(itertools.accumulate(model.share for model in models))
    found = []
    for _ in range(size):
        model = models[min(bisect.bisect(bounds, chance.random()), len(models) - 1)]
        ended_at = now - (
            timedelta(days=14 * chance.random())
            if model.is_open
            else timedelta(days=365 * YEARS * chance.random() + 1)
        )
        received_at = model.rows["complaint"][0]["received_at"]
        weeks = (ended_at - model.age - received_at) // timedelta(weeks=1)
        found.append((received_at + timedelta(weeks=weeks), chance.random(), model, timedelta(weeks=weeks)))
    found.sort(key=lambda one: one[:2])
    for _, _, model, weeks in found:
        yield model, weeks


@dataclass(frozen=True)
class _Shape:
    """A row of a pattern: its values in the store's form, and at which places which kind of value is put in."""

    values: list[Any]
    instants: tuple[tuple[int, datetime], ...]
    days: tuple[tuple[int, date], ...]
    people: tuple[tuple[int, int], ...]
    documents: tuple[tuple[int, str], ...]
    place: Mapping[str, int]


class _Copier:
    """Makes copies and writes them batch by batch."""

    def __init__(self, bulk: Bulk, world: World, key: bytes, chance: random.Random, now: datetime) -> None:
        self._bulk, self._world, self._key, self._chance, self._now = bulk, world, key, chance, now
        self._zone = ZoneInfo(world.zone)
        calendar = CalendarRow(name="CN", number=1, country="CN", days_off={}, days_on={})
        self._calendar = rules.working_calendar(calendar)
        assert self._calendar.official_years == official_calendar("CN").official_years
        self._role_of = {user: role for role, users in world.crew.items() for user in users}
        self._role_of[max(world.people)] = Role.CQE  # the measured account has three roles and acts as a CQE
        self._shapes: dict[int, dict[str, list[_Shape]]] = {}
        self._ids = {name: itertools.count(1) for name in ("complaint", "audit_entry", *_IDS)}
        self._rows: dict[str, list[list[Any]]] = {}
        self._texts: list[tuple[int, str]] = []
        self._numbers: Counter[int] = Counter()
        self._moved: dict[tuple[str, timedelta], str] = {}
        self.open = 0
        self.written: Counter[str] = Counter()

    def flush(self) -> None:
        """Write what has been copied so far."""
        for table in Base.metadata.sorted_tables:  # what is pointed to comes first
            rows = self._rows.get(table.name, [])
            self._bulk.write(table.name, [column.name for column in table.columns], rows)
            self.written[table.name] += len(rows)
        self._bulk.index(self._texts)
        self._rows, self._texts, self._moved = {}, [], {}

    def write_numbers(self) -> None:
        """Let numbers go on after the last one of each year."""
        rows = [(self._world.plant_id, year, last) for year, last in sorted(self._numbers.items())]
        self._bulk.write("complaint_number", ("plant_id", "year", "last"), rows)

    def copy(self, pattern: Pattern, weeks: timedelta) -> None:
        """Copy one pattern, moved by whole weeks."""
        shapes = self._shapes.get(id(pattern))
        if shapes is None:
            shapes = self._shapes[id(pattern)] = self._shaped(pattern)
        key = next(self._ids["complaint"])
        people: dict[int, int] = {}
        put = self._put(key, weeks, people)
        tables: dict[str, list[list[Any]]] = {
            name: [put(shape) for shape in of_table]
            for name, of_table in shapes.items()
            if name not in {"audit_entry", "deadline"}
        }
        self._number_rows(tables, shapes)
        facts = self._retold(pattern, tables, shapes, key, weeks)
        tables["deadline"] = self._deadlines(pattern, put, shapes, tables, weeks)
        tables["audit_entry"] = self._record(pattern, put, shapes, tables, key, weeks, people, facts)
        self.open += pattern.is_open
        for name, rows in tables.items():
            self._rows.setdefault(name, []).extend(rows)

    # ---------------------------------------------------------------- rows

    def _shaped(self, pattern: Pattern) -> dict[str, list[_Shape]]:
        return {name: [self._shape(name, row) for row in rows] for name, rows in pattern.rows.items() if rows}

    def _shape(self, name: str, row: Mapping[str, Any]) -> _Shape:
        columns = list(_TABLES[name].columns)
        values = [self._bulk.value(column, row[column.name]) for column in columns]
        instants, days, people, documents = [], [], [], []
        for place, column in enumerate(columns):
            value = row[column.name]
            if isinstance(value, datetime):
                if value != NOTHING_DUE_AT:
                    instants.append((place, value.astimezone(UTC)))
            elif isinstance(value, date):
                days.append((place, value))
            elif value is not None and any(key.target_fullname == _USER for key in column.foreign_keys):
                people.append((place, value))
            elif isinstance(column.type, sa.JSON) and value is not None and _DATE.search(values[place]):
                documents.append((place, values[place]))
        return _Shape(
            values,
            tuple(instants),
            tuple(days),
            tuple(people),
            tuple(documents),
            {column.name: place for place, column in enumerate(columns)},
        )

    def _put(self, key: int, weeks: timedelta, people: dict[int, int]) -> Callable[[_Shape], list[Any]]:
        instant, day, moved, someone = self._bulk.instant, self._bulk.day, self._moved_text, self._someone

        def put(shape: _Shape) -> list[Any]:
            row = shape.values.copy()
            place = shape.place.get("complaint_id")
            if place is not None:
                row[place] = key
            for place, at in shape.instants:
                row[place] = instant(at + weeks)
            for place, on in shape.days:
                row[place] = day(on + weeks)
            for place, user in shape.people:
                row[place] = people.get(user) or someone(people, user)
            for place, text in shape.documents:
                row[place] = moved(text, weeks)
            return row

        return put

    def _someone(self, people: dict[int, int], user: int) -> int:
        """Choose who stands in this copy for a person of the pattern: anybody of the same role."""
        people[user] = self._chance.choice(self._world.crew[self._role_of[user]])
        return people[user]

    def _moved_text(self, text: str, weeks: timedelta) -> str:
        known = self._moved.get((text, weeks))
        if known is None:
            known = _DATE.sub(lambda found: (date.fromisoformat(found[0]) + weeks).isoformat(), text)
            self._moved[text, weeks] = known
        return known

    def _canonical(self, document: dict[str, Any] | None, weeks: timedelta) -> str:
        return "null" if document is None else self._moved_text(compact(document), weeks)

    def _number_rows(self, tables: Mapping[str, list[list[Any]]], shapes: Mapping[str, list[_Shape]]) -> None:
        """Give the rows their ids, and let replies point to the revisions of the same copy."""
        revisions: dict[int, int] = {}
        for name in _IDS:
            for shape, row in zip(shapes.get(name, ()), tables.get(name, ()), strict=True):
                place = shape.place["id"]
                new = next(self._ids[name])
                if name == "revision":
                    revisions[row[place]] = new
                row[place] = new
        for shape, row in zip(shapes.get("sending", ()), tables.get("sending", ()), strict=True):
            place = shape.place["revision_id"]
            row[place] = revisions.get(row[place])

    # ---------------------------------------------------------------- what is told anew

    def _retold(
        self,
        pattern: Pattern,
        tables: Mapping[str, list[list[Any]]],
        shapes: Mapping[str, list[_Shape]],
        key: int,
        weeks: timedelta,
    ) -> dict[str, Any]:
        """Give the copy its number, customer, part, texts and defects; return what its registration records."""
        chance, world = self._chance, self._world
        (shape,), (row,) = shapes["complaint"], tables["complaint"]
        (model,) = pattern.rows["complaint"]
        party, part = chance.choice(world.customers), chance.choice(world.parts)
        received_at = model["received_at"] + weeks
        year = (model["registered_at"] + weeks).astimezone(self._zone).year
        self._numbers[year] += 1
        stamp = f"{received_at:%y%m%d}"
        facts = {
            "id": key,
            "number": f"CC-{year}-{self._numbers[year]:05d}",
            "customer_id": party.id,
            "part_id": part.id,
            "customer_number": f"{party.code}-{stamp}-{key % 100:02d}",
            "order_number": f"PO{chance.randrange(10**7):07d}",
            "delivery_number": f"DN-{stamp}-{key % 97:02d}",
            "part_customer_number": part.customer_number,
            "description": world.description(chance),
            "lots": json.dumps([f"L{stamp[:4]}{chance.choice('ABCD')}{key % 1000:03d}"]),
            "report_language": party.language.value,
        }
        for name, value in facts.items():
            row[shape.place[name]] = value
        names: dict[str, tuple[str, str]] = {}  # what each phenomenon of the pattern is called here
        for line, of_line, told in zip(
            pattern.rows["defect_line"], shapes["defect_line"], tables["defect_line"], strict=True
        ):
            if line["phenomenon"] not in names:
                known = world.phenomena[line["kind"]]
                names[line["phenomenon"]] = worlds.choose(chance, line["kind"], known)
            zh, en = names[line["phenomenon"]]
            told[of_line.place["phenomenon"]], told[of_line.place["phenomenon_en"]] = zh, en
        self._classified(pattern, tables, shapes, names)
        self._texts.append(
            (
                key,
                "\n".join(
                    (
                        str(facts["number"]), str(facts["customer_number"]), str(facts["order_number"]),
                        str(facts["delivery_number"]), party.code, party.name, party.name_en, part.number,
                        part.name, part.name_en, part.customer_number, *json.loads(str(facts["lots"])),
                        *(text for name in names.values() for text in name), str(facts["description"]),
                    )
                ),
            )
        )  # fmt: skip
        return {
            "number": facts["number"],
            "customer": party.code,
            "part": part.number,
            "defects": [
                {
                    "kind": line["kind"].value, "phenomenon": names[line["phenomenon"]][0],
                    "quantity": line["quantity"], "inspected": line["inspected"],
                }
                for line in pattern.rows["defect_line"]
            ],
        }  # fmt: skip

    def _classified(
        self,
        pattern: Pattern,
        tables: Mapping[str, list[list[Any]]],
        shapes: Mapping[str, list[_Shape]],
        names: Mapping[str, tuple[str, str]],
    ) -> None:
        (model,) = pattern.rows["complaint"]
        counts = DefectCounts(
            tuple(
                DefectLine(line["kind"], names[line["phenomenon"]][0], line["quantity"], line["inspected"])
                for line in pattern.rows["defect_line"]
            ),
            model["quantity_inspected"],
            Flags(model["penalty_triggered"], model["ppm_exceeded"], model["safety"], model["line_stop"]),
        )
        result = classify(counts, criteria.STANDARD)
        (shape,), (row,) = shapes["classification"], tables["classification"]
        row[shape.place["reasons"]] = json.dumps(reason_documents(result))
        row[shape.place["counts"]] = json.dumps(counts_document(counts))

    def _deadlines(
        self,
        pattern: Pattern,
        put: Callable[[_Shape], list[Any]],
        shapes: Mapping[str, list[_Shape]],
        tables: Mapping[str, list[list[Any]]],
        weeks: timedelta,
    ) -> list[list[Any]]:
        """Compute the copy's deadlines on the real calendar, and what the board and the register sort by."""
        (model,) = pattern.rows["complaint"]
        kept = {one["milestone"]: one for one in pattern.rows["deadline"]}
        starts = {
            event: None if at is None else at + weeks
            for event, at in start_instants(cast("ComplaintRow", SimpleNamespace(**model))).items()
        }
        stops = [
            ClockStop(
                stop["from_at"] + weeks, stop["to_at"] and stop["to_at"] + weeks, stop["reason"], stop["note"]
            )
            for stop in pattern.rows.get("clock_stop", ())
        ]
        computed = {
            one.milestone.name: one
            for one in due.compute(
                profile.STANDARD, starts, stops, calendar=self._calendar, zone=self._zone,
                sample_needed=model["sample_needed"], now=self._now,
            )
        }  # fmt: skip
        written = []
        (complaint_shape,), (complaint,) = shapes["complaint"], tables["complaint"]
        next_milestone, sort_due_at = None, NOTHING_DUE_AT
        for shape in shapes["deadline"]:
            row = put(shape)
            name = row[shape.place["milestone"]]
            found = computed[name]
            for column, value in (
                ("started_at", found.started_at),
                ("contractual_due_at", found.contractual_due_at),
                ("due_at", found.due_at),
            ):
                row[shape.place[column]] = None if value is None else self._bulk.instant(value)
            held = kept[name]["met_at"] is None and found.paused
            judged = None if held else found.due_at
            row[shape.place["judged_due_at"]] = self._bulk.instant(judged or NOTHING_DUE_AT)
            row[shape.place["customer_id"]] = complaint[complaint_shape.place["customer_id"]]
            if kept[name]["met_at"] is not None:
                row[shape.place["ledger"]] = json.dumps(ledger_document(found))
            elif model["is_open"] and not found.paused and found.due_at and found.due_at < sort_due_at:
                next_milestone, sort_due_at = name, found.due_at
            written.append(row)
        complaint[complaint_shape.place["next_milestone"]] = next_milestone
        complaint[complaint_shape.place["sort_due_at"]] = self._bulk.instant(sort_due_at)
        return written

    # ---------------------------------------------------------------- the record

    def _record(
        self,
        pattern: Pattern,
        put: Callable[[_Shape], list[Any]],
        shapes: Mapping[str, list[_Shape]],
        tables: Mapping[str, list[list[Any]]],
        key: int,
        weeks: timedelta,
        people: Mapping[int, int],
        facts: dict[str, Any],
    ) -> list[list[Any]]:
        """Hash the copy's chain and sign its head."""
        chain, previous, written = audit.chain_of(key), _GENESIS, []
        for model, shape in zip(pattern.rows["audit_entry"], shapes["audit_entry"], strict=True):
            row, place = put(shape), shape.place
            row[place["id"]] = next(self._ids["audit_entry"])
            row[place["chain"]] = chain
            row[place["actor_name"]] = self._world.people[row[place["actor_id"]]]
            new = model["new"]
            if model["tag"] == "complaint.registered":
                row[place["subject"]] = facts["number"]
                new = {**new, **{name: facts[name] for name in ("customer", "part", "defects")}}
            elif new is not None and "assigned" in new:
                held = {role: people.get(user, user) for role, user in new["assigned"].items()}
                new = {**new, "assigned": held}
            if new is not model["new"]:
                row[place["new"]] = self._moved_text(json.dumps(new), weeks)
            documents = (self._canonical(model["old"], weeks), self._canonical(new, weeks))
            row[place["previous_hash"]] = previous
            previous = row[place["hash"]] = _hash(
                row, place, (model["at"] + weeks).astimezone(UTC), *documents
            )
            written.append(row)
        (shape,), (row,) = shapes["audit_head"], tables["audit_head"]
        sequence = len(written)
        row[shape.place["chain"]], row[shape.place["hash"]] = chain, previous
        row[shape.place["signature"]] = audit.sign(chain, sequence, previous, self._key)
        return written


_IDS = (
    "defect_line",
    "classification",
    "assignment",
    "note",
    "clock_stop",
    "submission",
    "revision",
    "sending",
)
"""Tables whose rows have an id of their own."""


def _hash(row: Sequence[Any], place: Mapping[str, int], at: datetime, old: str, new: str) -> str:
    """Return what `audit.entry_hash` returns, from documents that are canonical already."""

    def text(name: str) -> str:
        return json.dumps(row[place[name]], ensure_ascii=False)

    content = (
        f'{{"actor_id":{text("actor_id")},"actor_name":{text("actor_name")},'
        f'"at":"{at.isoformat(timespec="microseconds")}","chain":{text("chain")},'
        f'"complaint_id":{row[place["complaint_id"]]},"new":{new},"old":{old},'
        f'"previous_hash":"{row[place["previous_hash"]]}","reason":{text("reason")},'
        f'"sequence":{row[place["sequence"]]},"subject":{text("subject")},"tag":{text("tag")}}}'
    )
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _batched(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(items, size)):
        yield batch
