"""Exact amounts of money: what may be typed, the places of a currency, conversion and rounding (procedure 9)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal

from eightd.domain.words import Message, Phrase

LARGEST = Decimal(10) ** 12
"""The largest amount of a line or a claim, in its own currency and in the plant's."""

RATE_PLACES = 8
LARGEST_RATE = Decimal(10) ** 8

_WITHOUT_CENTS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())  # noqa: SIM905 - a list of codes is read more easily so
_WITH_MILS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905
_WITH_CENTS = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD
    KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW""".split()  # noqa: SIM905
)
CURRENCIES: frozenset[str] = _WITHOUT_CENTS | _WITH_MILS | _WITH_CENTS
"""Codes of ISO 4217 that money is paid in."""

COMMON: tuple[str, ...] = ("CNY", "USD", "EUR", "JPY", "GBP", "HKD", "TWD", "KRW", "SGD", "MXN")
"""What a page offers before anybody types."""

NOT_A_NUMBER = Phrase(
    "cost.not_a_number", "Please type an amount such as 1,234.50", "请输入金额，例如 1,234.50"
)
NOT_ABOVE_ZERO = Phrase("cost.not_above_zero", "The amount must be more than zero", "金额须大于零")
TOO_LARGE = Phrase("cost.too_large", "The amount is too large", "金额过大")
TOO_MANY_PLACES = Phrase(
    "cost.too_many_places",
    "{currency} has {places} places behind the point",
    "{currency} 的小数位数为 {places} 位",
)
NO_CURRENCY = Phrase(
    "cost.no_currency",
    "“{code}” is no currency; please type its three letters, such as CNY",
    "“{code}”不是货币代码，请输入三位字母，例如 CNY",
)
WRONG_RATE = Phrase(
    "cost.wrong_rate",
    "A rate is more than zero, has at most 8 places and is below 100,000,000",
    "汇率须大于零、小于 100,000,000，且最多 8 位小数",
)

_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_LONGEST = 40
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_PLACES: Mapping[str, int] = {
    **dict.fromkeys(_WITHOUT_CENTS, 0),
    **dict.fromkeys(_WITH_CENTS, 2),
    **dict.fromkeys(_WITH_MILS, 3),
}


def typed(text: str) -> Decimal | None:
    """Read an amount or a rate as people type it, None for anything else.

    Full-width digits and commas between groups of three are taken; signs, exponents and words such as NaN are not.
    """
    plain = "".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split())
    if len(text) > _LONGEST or not plain.isascii() or not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain.replace(",", ""))


def places(currency: str) -> int:
    """Return how many places behind the point a currency has, two for one that is not known."""
    return _PLACES.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return the amount with the currency's places, half to even."""
    return amount.quantize(Decimal(1).scaleb(-places(currency)), context=_EXACT)


def converted(amount: Decimal, rate: Decimal, base: str) -> Decimal:
    """Return an amount in the base currency, where one unit is worth ``rate`` of it, rounded once at the end."""
    return rounded(_EXACT.multiply(amount, rate), base)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Return how many percent of the whole a part is, with two places."""
    return _EXACT.divide(part * 100, whole).quantize(Decimal("0.01"), context=_EXACT)


def currency_problem(code: str) -> Message | None:
    """Return what is wrong with a currency's code, None where nothing is."""
    return None if code in CURRENCIES else NO_CURRENCY.say(code=code[:10])


def amount_problem(amount: Decimal | None, currency: str) -> Message | None:
    """Return what is wrong with an amount of a currency, None where nothing is; zero and less are."""
    if amount is None or not amount.is_finite():
        return NOT_A_NUMBER.say()
    if amount <= 0:
        return NOT_ABOVE_ZERO.say()
    if amount > LARGEST:
        return TOO_LARGE.say()
    if amount != rounded(amount, currency):
        return TOO_MANY_PLACES.say(currency=currency, places=places(currency))
    return None


def rate_problem(rate: Decimal | None) -> Message | None:
    """Return what is wrong with an exchange rate, None where nothing is."""
    fits = (
        rate is not None
        and rate.is_finite()
        and 0 < rate < LARGEST_RATE
        and rate == rate.quantize(Decimal(1).scaleb(-RATE_PLACES), context=_EXACT)
    )
    return None if fits else WRONG_RATE.say()
