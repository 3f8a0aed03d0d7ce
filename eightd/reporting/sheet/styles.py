"""The type styles of a document, built from its layout."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eightd.reporting.pdf.text import Style
from eightd.reporting.sheet.layout import Layout


@dataclass(frozen=True, slots=True)
class Styles:
    """One style for each part of the hierarchy, from the title down to the label."""

    body: Style
    strong: Style
    small: Style
    label: Style
    label_minor: Style
    minor: Style
    subheading: Style
    heading: Style
    heading_minor: Style
    title: Style

    @classmethod
    def of(cls, layout: Layout) -> Styles:
        """Build the styles from the layout."""
        sizes, colours = layout.sizes, layout.colours

        def style(size: float, colour: str, *, bold: bool = False, leading: float = sizes.leading) -> Style:
            return Style(size, round(size * leading, 2), colour, bold)

        return cls(
            body=style(sizes.body, colours.ink),
            strong=style(sizes.body, colours.ink, bold=True),
            small=style(sizes.small, colours.ink),
            label=style(sizes.label, colours.grey),
            label_minor=style(sizes.label - 0.4, colours.grey),
            minor=style(sizes.small, colours.grey),
            subheading=style(sizes.subheading, colours.accent, bold=True),
            heading=style(sizes.heading, colours.ink, bold=True, leading=1.3),
            heading_minor=style(sizes.heading - 2.5, colours.grey, leading=1.3),
            title=style(sizes.title, colours.accent, bold=True, leading=1.25),
        )

    def second(self, style: Style) -> Style:
        """Return how the second language stands below the first: one size smaller, never bold."""
        shrunk = min(style.size, self.small.size)
        return replace(style, size=shrunk, leading=self.small.leading, bold=False)
