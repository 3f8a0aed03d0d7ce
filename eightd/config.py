"""The settings: defaults, then `instance/config.py`, then `EIGHTD_…` in the environment; the later wins.

A name nobody knows and a value that cannot be meant stop the start with one line. Standard library only.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import platform
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eightd import resources

PREFIX = "EIGHTD_"
_SECRET_FILE = "secret_key"  # noqa: S105 - a file's name
_SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting is unknown or wrong; its text is one line for the person who set it."""


# ---------------------------------------------------------------- values


def _text(value: str) -> str:
    return value


def _secret(value: str) -> str:
    if len(value) < _SECRET_LENGTH:
        raise ValueError(f"must have at least {_SECRET_LENGTH} characters")
    return value


def _host(value: str) -> str:
    if not value or any(character.isspace() or character == "/" for character in value):
        raise ValueError("must be a host name or an address, such as 127.0.0.1")
    return value


def _yes_or_no(value: str) -> bool:
    match value.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise ValueError("must be yes or no")


def _number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def _database_url(value: str) -> str:
    # Never repeat the value: it may hold a password.
    scheme, separator, rest = value.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if separator and scheme in {"sqlite", "sqlite+pysqlite"}:
        if rest in {"", "/", "/:memory:"}:
            raise ValueError("must name a file: a database in memory is gone with its connection")
        return f"sqlite://{rest}"
    raise ValueError("must begin with sqlite:/// or postgresql://")


def _base_url(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://eightd.example")
    return value.rstrip("/")


def _log_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be debug, info, warning or error")
    return value.upper()


def _setting(parse: Callable[[str], Any], default: Any, note: str, *, secret: bool = False) -> Any:
    metadata = {"parse": parse, "note": note, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation may decide; handed down by `eightd.app`, never looked up."""

    instance: Path = field(metadata={"note": "folder of database, evidence, reports and secret key"})
    database_url: str = _setting(
        _database_url, "", "SQLAlchemy address; a SQLite file in the instance", secret=True
    )
    secret_key: str = _setting(_secret, "", "signs sessions and links; made at the first start", secret=True)
    host: str = _setting(_host, "127.0.0.1", "address to listen on")
    port: int = _setting(_number(1, 65535), 8000, "port to listen on")
    base_url: str = _setting(_base_url, "", "address that people type, for links in mails")
    threads: int = _setting(_number(1, 256), 8, "requests served at the same time")
    worker: bool = _setting(_yes_or_no, True, "whether serve raises alarms and sends mail as well")
    trusted_proxies: int = _setting(_number(0, 8), 0, "reverse proxies in front whose headers are believed")
    cookie_secure: bool = _setting(_yes_or_no, False, "cookies over https only; as BASE_URL says")
    session_hours: int = _setting(_number(1, 24 * 30), 12, "hours without a request until a session ends")
    login_attempts: int = _setting(_number(1, 1000), 5, "wrong passwords before a pause")
    login_pause_minutes: int = _setting(_number(1, 24 * 60), 15, "minutes of that pause")
    password_memory_kib: int = _setting(
        _number(19_456, 2**21), 19_456, "memory that hashing one password takes, in KiB"
    )
    upload_max_bytes: int = _setting(_number(1024, 2**31), 25 * 2**20, "largest file taken, in bytes")
    upload_max_pixels: int = _setting(_number(10_000, 10**9), 60_000_000, "largest picture taken, in pixels")
    signing_certificate: str = _setting(
        _text, "", "PKCS#12 file that signs issued reports; a path, from the instance on"
    )
    signing_password: str = _setting(
        _text, "", "file that holds the certificate's password; a path, from the instance on"
    )
    log_level: str = _setting(_log_level, "INFO", "how much is logged: debug, info, warning, error")

    @property
    def evidence(self) -> Path:
        """Folder of uploaded files, by hash."""
        return self.instance / "evidence"

    @property
    def issued(self) -> Path:
        """Folder of issued reports, by hash."""
        return self.instance / "issued"


_FIELDS = {one.name.upper(): one for one in dataclasses.fields(Settings) if one.name != "instance"}


def known() -> dict[str, str]:
    """Return each setting's environment name with its note, in the order of `Settings`."""
    notes = {PREFIX + "INSTANCE": "folder of database, evidence, reports and secret key"}
    notes.update({PREFIX + name: str(one.metadata["note"]) for name, one in _FIELDS.items()})
    return notes


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings and make the instance folder and its secret key where they are missing.

    `environ` is the process's own when None. An empty variable counts as not set.

    Raises:
        SettingsError: with one line that names the setting, where it was set and what it may be.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value != ""}
    instance = _instance(given.pop(PREFIX + "INSTANCE", None))
    values: dict[str, Any] = {}
    for name, value in _from_file(instance / "config.py").items():
        values[name] = _parsed(name, value, f"{name} in {instance / 'config.py'}")
    for variable, value in sorted(given.items()):
        name = variable.removeprefix(PREFIX)
        if name not in _FIELDS:
            raise SettingsError(f"{variable}: there is no such setting{_nearest(name, PREFIX)}")
        values[name] = _parsed(name, value, variable)
    return _complete(instance, values)


def _instance(given: str | None) -> Path:
    if given is None:
        instance = (resources.checkout() or Path.cwd()) / "instance"
    else:
        instance = Path(given).expanduser().absolute()
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{PREFIX}INSTANCE: {instance} cannot be made: {error.strerror}") from error
    return instance


def _from_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    names: dict[str, object] = {"__file__": str(path)}
    try:
        source = path.read_text(encoding="utf-8")
        exec(compile(source, str(path), "exec"), names)  # noqa: S102 - the administrator's own file
    except Exception as error:  # the file may do anything
        what = " ".join(str(error).split()) or type(error).__name__
        raise SettingsError(f"{path}: cannot be read: {what}") from error
    settings = {name: value for name, value in names.items() if name.isupper() and not name.startswith("_")}
    for name in settings:
        if name not in _FIELDS:
            raise SettingsError(f"{name} in {path}: there is no such setting{_nearest(name, '')}")
    return settings


def _parsed(name: str, value: object, where: str) -> Any:
    if not isinstance(value, str | int | Path):
        raise SettingsError(f"{where}: must be text, a number, True or False")
    try:
        return _FIELDS[name].metadata["parse"](str(value).strip())
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from error


def _complete(instance: Path, values: dict[str, Any]) -> Settings:
    values.setdefault("DATABASE_URL", f"sqlite:///{(instance / 'eightd.sqlite').as_posix()}")
    if "SECRET_KEY" not in values:
        values["SECRET_KEY"] = _secret_key(instance / _SECRET_FILE)
    settings = Settings(instance=instance, **{name.lower(): value for name, value in values.items()})
    base_url = settings.base_url or f"http://{in_address(settings.host)}:{settings.port}"
    secure = values.get("COOKIE_SECURE", base_url.startswith("https:"))
    return dataclasses.replace(settings, base_url=base_url, cookie_secure=secure)


def in_address(host: str) -> str:
    """Return `host` as an address has it: IPv6 in brackets, "every interface" as this machine's name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return platform.node() or "localhost"
    return f"[{host}]" if address.version == 6 else host


def _secret_key(path: Path) -> str:
    """Return the key kept in `path`; of several processes that start at once, one makes it."""
    try:
        if not path.exists():
            _make_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the secret key cannot be read or made: {error}") from error
    if len(key) < _SECRET_LENGTH:
        raise SettingsError(
            f"{path}: the secret key is damaged; put the file back or remove it to make a new one"
        )
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"{path}: others may read the secret key; make it private with chmod 600")
    return key


def _make_secret_key(path: Path) -> None:
    # A file made by mkstemp is private; linking it into place is one step and never replaces a key.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret_key.")
    made = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(made)
        except FileExistsError:
            pass  # another process was first: its key holds
        except OSError:
            made.replace(path)  # a file system without hard links
    finally:
        made.unlink(missing_ok=True)


def _nearest(name: str, prefix: str) -> str:
    import difflib  # noqa: PLC0415 - start-up saving: wanted only when a name is misspelt

    close = difflib.get_close_matches(name, [*_FIELDS, "INSTANCE"], n=1)
    return f"; did you mean {prefix}{close[0]}?" if close else ""
