"""What is brought in, in words: its names, what may stand in a column, and the kinds of findings."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from eightd.domain.importing.fields import Target

TARGETS: Mapping[Target, LazyString] = {
    Target.LOG: _l("Old complaint log"),
    Target.CUSTOMERS: _l("Customers"),
    Target.PARTS: _l("Parts"),
    Target.SUPPLIERS: _l("Suppliers"),
    Target.USERS: _l("Users"),
    Target.PHENOMENA: _l("Phenomena"),
}

EXPLANATIONS: Mapping[str, LazyString] = {
    "text": _l("Text"),
    "day": _l("A date, as 2025-03-05, 2025/3/5, 2025.3.5 or 2025年3月5日"),
    "count": _l("A whole number of pieces, with or without a unit"),
    "list": _l("One or several, parted by commas or lines"),
    "choice": _l("One of the program's own words, in Chinese or English"),
    "language": _l("Chinese or English; empty: the plant's language"),
    "roles": _l("One or several, parted by commas: sales, CQE, PQE, SQE, TE, PIE, RD, production, warehouse, finance, "
                "quality manager, auditor, admin"),
    "defect_kind": _l("functional, appearance or other"),
    "kind": _l("In the list of phenomena: functional, appearance or other. In the log: line, field, returned goods, "
               "claim, new sample or logistics"),
    "tier": _l("major, general or other; empty: judged by the criteria"),
    "status": _l("closed, open or cancelled; open cases come in as closed history"),
    "emails": _l("One or several addresses, parted by commas"),
    "login": _l("Letters, digits and . @ + - _; the first password is set by an administrator"),
}  # fmt: skip
"""By the code of a field, else by how its cells are read."""

EXAMPLES: Mapping[Target, Mapping[str, str]] = {
    Target.LOG: {
        "received_on": "2023-03-05", "customer": "示例客户", "own_number": "KS-2023-001",
        "customer_number": "C-8812", "part_number": "PA-0902", "part_name": "9V 适配器", "lots": "L2303A",
        "quantity_delivered": "1000", "quantity_inspected": "200", "quantity_defective": "12PCS",
        "phenomenon": "无输出", "defect_kind": "功能", "department": "PIE", "cause": "冷焊", "action": "更换治具",
        "closed_on": "2023/3/28", "status": "已结案",
    },
    Target.CUSTOMERS: {
        "code": "ACME", "name": "示例客户", "name_en": "Example customer", "contact": "Ms Li",
        "emails": "quality@example.com", "language": "中文",
    },
    Target.PARTS: {
        "number": "PA-0902", "name": "9V 适配器", "name_en": "9 V adapter", "customer_number": "88-1200",
        "drawing_revision": "C", "product_line": "adapters",
    },
    Target.SUPPLIERS: {
        "code": "S001", "name": "示例供应商", "name_en": "Example supplier", "contact": "Mr Wu",
        "emails": "quality@example.com", "language": "中文",
    },
    Target.USERS: {
        "login": "li.ming", "name": "李明", "roles": "CQE, PQE", "email": "li.ming@example.com",
        "phone": "0769-1234", "department": "品质部", "language": "中文",
    },
    Target.PHENOMENA: {"kind": "功能", "text": "无输出", "text_en": "No output"},
}  # fmt: skip
"""The second line of each template."""

KINDS_OF_FINDING: Mapping[str, LazyString] = {
    "import.no_day": _l("Not a date"),
    "import.no_year": _l("Dates without a year"),
    "import.two_days": _l("Day or month first?"),
    "import.day_ahead": _l("Dates in the future"),
    "import.day_long_ago": _l("Dates too long ago"),
    "import.day_taken": _l("Dates read with a doubt"),
    "import.count_taken": _l("Quantities read with a doubt"),
    "import.left_empty": _l("Cells that could not be read and stay empty"),
    "import.cell_error": _l("Cells that show an error"),
    "import.wanted": _l("Something required is missing"),
    "import.too_long": _l("Texts that are too long"),
    "import.long_name": _l("Names that are too long"),
    "import.total": _l("Totals"),
    "import.heading_again": _l("Headings that come again"),
    "import.note_line": _l("Single texts"),
    "import.no_column": _l("Columns that are needed"),
    "import.formula_like": _l("Texts that begin like a formula"),
    "import.double": _l("Double lines"),
    "import.further_line": _l("Further phenomena of one complaint"),
    "import.number_again": _l("Numbers used twice"),
    "import.no_part": _l("No part"),
    "import.no_phenomenon": _l("No phenomenon"),
    "import.no_quantity": _l("No quantity defective"),
    "import.still_open": _l("Still open in the old log"),
    "import.unknown_word": _l("Words that are not known"),
    "import.word_kept": _l("Words kept as a note"),
    "import.closed_before": _l("Closed before it was received"),
    "import.more_ng": _l("More defective than delivered"),
    "import.new_customer": _l("Customers that will be made"),
    "import.new_part": _l("Parts that will be made"),
    "import.brought_in_otherwise": _l("Brought in before with other content"),
    "import.other_values": _l("One key with different values"),
    "import.no_word": _l("Words that are not known"),
    "import.no_address": _l("E-mail addresses"),
    "import.bad_login": _l("Sign-in names"),
    "import.known_differs": _l("Known with other values"),
    "import.will_change": _l("Will be changed"),
    "import.account_exists": _l("Accounts that exist"),
}
