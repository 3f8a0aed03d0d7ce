"""Puts the web door together: languages, session, security, pages, errors and one blueprint per noun."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask

from eightd.usecases.services import Services
from eightd.web import (
    account,
    account_messages,
    audit,
    auth,
    batches,
    board,
    calendar_feed,
    check,
    complaint,
    complaint_actions,
    complaint_files,
    complaint_profile,
    complaint_reports,
    deadlines,
    discipline,
    documents,
    editors,
    errors,
    evidence,
    first_run,
    i18n,
    imports,
    inbox,
    log,
    mail_in,
    pages,
    phrases,
    pieces_panel,
    register,
    relations,
    replies,
    reports,
    returns_documents,
    returns_log,
    returns_pieces,
    reviewing,
    satisfaction,
    security,
    session,
    short_answers,
    status,
    status_links,
    suggest,
    supplier_cases,
    supplier_door,
    supplier_panel,
    survey_door,
    tasks,
    texts,
    workbench,
)
from eightd.web.admin.blueprint import blueprint as administration
from eightd.web.money.blueprint import blueprint as money
from eightd.web.returns.blueprint import blueprint as returns

BLUEPRINTS: tuple[Blueprint, ...] = (
    auth.blueprint,
    account.blueprint,
    first_run.blueprint,
    board.blueprint,
    register.blueprint,
    mail_in.blueprint,
    suggest.blueprint,
    complaint.blueprint,
    complaint_actions.blueprint,
    complaint_profile.blueprint,
    complaint_files.blueprint,
    complaint_reports.blueprint,
    relations.blueprint,
    short_answers.blueprint,
    evidence.blueprint,
    discipline.blueprint,
    editors.blueprint,
    workbench.blueprint,
    documents.blueprint,
    texts.blueprint,
    phrases.blueprint,
    replies.blueprint,
    status_links.blueprint,
    status.blueprint,
    supplier_door.blueprint,
    supplier_cases.blueprint,
    supplier_panel.blueprint,
    check.blueprint,
    deadlines.blueprint,
    tasks.blueprint,
    reports.blueprint,
    batches.blueprint,
    returns_pieces.blueprint,
    pieces_panel.blueprint,
    reviewing.blueprint,
    returns_documents.blueprint,
    returns_log.blueprint,
    inbox.blueprint,
    account_messages.blueprint,
    calendar_feed.blueprint,
    log.blueprint,
    imports.blueprint,
    returns,
    money,
    satisfaction.blueprint,
    survey_door.blueprint,
    administration,
    audit.blueprint,
)
"""Every noun's pages, a line each."""


def install(app: Flask, services: Services, *, static: Path, translations: Path, https: bool) -> None:
    """Install the web door: what is asked of every request first, then the pages."""
    i18n.install(app, translations)
    security.install(app, https=https)
    first_run.install(app, services)
    session.install(app, services)
    pages.install(app, static=static)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
