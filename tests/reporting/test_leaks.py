"""The customer's version holds nothing internal: not in its text, nor hidden, nor in metadata, pictures or files."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from eightd.domain.complaint import DisciplineCode, Tier
from eightd.domain.discipline import answers as a
from eightd.domain.discipline.texts import keyed, texts
from eightd.domain.words import Language
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import (
    AttachmentFact,
    DeadlineFact,
    EightDDocument,
    InternalFact,
    Picture,
    StopFact,
    Wording,
)
from eightd.reporting.eight_d.render import render
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage
from tests.reporting.case_documents import REPORTS, adapter

AT = datetime(2026, 3, 1, tzinfo=UTC)


class Secrets:
    """Makes tokens that stand nowhere else."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, where: str) -> str:
        token = f"LEAK{len(self.made):03d}Q{where.upper()}"
        self.made.append(token)
        return token

    def picture(self, where: str) -> bytes:
        """Return a JPEG that carries a token in its metadata and behind its end."""
        exif = Image.Exif()
        exif[0x010E] = self(f"{where}exif")
        target = io.BytesIO()
        Image.new("RGB", (64, 48), "#336699").save(
            target, "JPEG", exif=exif, comment=self(f"{where}comment").encode()
        )
        return target.getvalue() + self(f"{where}behind").encode()


def hidden(answer: a.Answer, secret: Secrets, name: str) -> a.Answer:
    """Return the answer with every text of it a secret that is marked as internal, in both languages."""
    whole = keyed(answer)
    places = texts(whole)
    internal = [place for place in places if "/" not in place] + sorted(
        {"/".join(place.split("/")[:2]) for place in places if "/" in place}
    )
    return replace(
        whole,
        internal=tuple(internal),
        translation={place: secret(f"{name}translated") for place in places},
        written_in=Language.ZH,
    )


def filled(kind: Any, secret: Secrets, name: str) -> Any:
    """Return a value of the kind with a secret in every text."""
    values: dict[str, Any] = {}
    for one in dataclasses.fields(kind):
        if one.name in ("key", "written_in", "translation", "internal"):
            continue
        if one.type == "str":
            values[one.name] = secret(name)
        elif one.type.startswith("tuple["):
            row = getattr(a, one.type.removeprefix("tuple[").split(",")[0])
            values[one.name] = (filled(row, secret, name), filled(row, secret, name))
        elif one.type in ("FiveWTwoH", "Fishbone"):
            values[one.name] = filled(getattr(a, one.type), secret, name)
    return kind(**values)


def planted() -> tuple[EightDDocument, dict[str, bytes], dict[str, bytes], Secrets]:
    secret = Secrets()
    contents = {one: secret.picture(one) for one in ("inside", "outside")}
    pictures = {hashlib.sha256(content).hexdigest(): content for content in contents.values()}
    inside, outside = (hashlib.sha256(contents[one]).hexdigest() for one in ("inside", "outside"))
    internal_file = b"%PDF-1.4 " + secret("file").encode()
    files = {hashlib.sha256(internal_file).hexdigest(): internal_file}
    answers: dict[DisciplineCode, a.Answer] = {
        code: hidden(filled(kind, secret, code.value), secret, code.value)
        for code, kind in a.ANSWER_TYPES.items()
    }
    team = a.TeamMember("组员", phone=secret("phone"), email=f"{secret('mail')}@plant.example")
    answers[DisciplineCode.D1] = a.TeamAnswer(leader="组长", members=(team,))
    cost = a.CostLine(secret("cost"), Decimal("987654.32"))
    closure = answers[DisciplineCode.D8]
    assert isinstance(closure, a.ClosureAnswer)
    answers[DisciplineCode.D8] = replace(closure, cost=(*closure.cost, cost))
    document = replace(
        adapter(),
        answers=answers,
        tier=Tier.MAJOR,
        tier_criteria=secret("criteria"),
        tier_reasons=(Wording(secret("reason"), secret("reason")),),
        repeat_of=secret("repeat"),
        deadlines=(
            DeadlineFact(Wording("期限", "due"), AT, AT, agreed_because=Wording(secret("zh"), secret("en"))),
        ),
        stops=(StopFact(Wording("停", "stop"), AT, note=secret("note"), by=secret("by")),),
        internal=(InternalFact(Wording(secret("label"), secret("label")), secret("fact")),),
        pictures=(
            Picture(
                inside, caption=secret("caption"), caption_other=secret("other"), internal=True, pair="p"
            ),
            Picture(outside, caption="外部", caption_other="outside", pair="p"),
        ),
        attachments=tuple(
            AttachmentFact(name, f"{secret('name')}.pdf", "application/pdf", along, internal=True)
            for name in files
            for along in ("embed", "pages")
        ),
        changed_places={code: tuple(texts(answer)) for code, answer in answers.items()},
    )
    return document, pictures, files, secret


def unpacked(stream: bytes) -> list[bytes]:
    try:
        inner = zlib.decompressobj().decompress(stream)
    except zlib.error:
        return [stream]
    return [stream, *unpacked(inner)]


def everything(pdf: bytes) -> bytes:
    """Return the PDF, each of its streams unpacked however often it was packed, and what its reader finds."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        parts += unpacked(stream)
    reader = PdfReader(io.BytesIO(pdf))
    found = [page.extract_text() for page in reader.pages]
    found += [str(value) for value in (reader.metadata or {}).values()]
    found += [str(reader.xmp_metadata), str(reader.trailer), str(reader.root_object)]
    found += [str(one) for one in reader.outline]
    found += list(reader.attachments)
    found += [str(reader.get_object(number)) for number in range(1, len(reader.xref[0]) + 1)]
    text = "".join("".join(one.split()) for one in found)
    decoded = b"".join(parts)
    return decoded + text.encode() + re.sub(rb"\s", b"", decoded)


def leaks(pdf: bytes, secret: Secrets) -> list[str]:
    content = everything(pdf)
    found = []
    for token in secret.made:
        plain, wide = token.encode(), token.encode("utf-16-be")
        forms = (plain, wide, plain.hex().encode(), wide.hex().encode())
        if any(form in content or form.upper() in content for form in forms):
            found.append(token)
    return found


@pytest.mark.parametrize(
    ("language", "arrangement"),
    [
        (ReportLanguage.ZH, Arrangement.STACKED),
        (ReportLanguage.EN, Arrangement.STACKED),
        (ReportLanguage.BOTH, Arrangement.STACKED),
        (ReportLanguage.BOTH, Arrangement.COLUMNS),
    ],
)
def test_nothing_internal_is_anywhere_in_the_customers_version(language, arrangement):
    document, pictures, files, secret = planted()
    assert len(secret.made) > 250

    def printed(audience: Audience) -> bytes:
        return render(
            document,
            language=language,
            audience=audience,
            reports=REPORTS,
            pictures=pictures,
            attachments=files,
            arrangement=arrangement,
        )

    customer = printed(Audience.CUSTOMER)
    assert leaks(customer, secret) == []
    assert "987654" not in everything(customer).decode("latin-1")
    assert len(PdfReader(io.BytesIO(customer)).attachments) == 0
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(customer)).pages) == 1
    if language is ReportLanguage.ZH:
        assert len(leaks(printed(Audience.INTERNAL), secret)) > 100  # the search does find what is there


def test_rows_keep_their_partners_when_others_are_taken_out():
    causes = keyed(a.CauseAnswer(causes=(a.RootCause(text="first"), a.RootCause(text="second"))))
    actions = keyed(
        a.ActionAnswer(
            actions=(a.CorrectiveAction(0, "for the first"), a.CorrectiveAction(1, "for the second"))
        )
    )
    proofs = keyed(a.ValidationAnswer(validations=(a.Validation(0, how="one"), a.Validation(1, how="two"))))
    document = replace(
        adapter(),
        answers={
            DisciplineCode.D4: replace(causes, internal=("causes/1",)),
            DisciplineCode.D5: replace(actions, internal=("actions/1",)),
            DisciplineCode.D6: proofs,
        },
    )
    pdf = render(
        document, language=ReportLanguage.EN, audience=Audience.CUSTOMER, reports=REPORTS, pictures={}
    )
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert "A1 C1 for the second" in text
    assert "A1 for the second" in text
    assert "first" not in text
