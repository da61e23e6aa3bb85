"""What whoever runs the server can mend: the command line says it in words, without a traceback."""

import sys

# What the database's driver and the framework raise where the database is away, full or refuses; a mistake in a
# statement of ours is no such thing.
_DATABASE = ("django.db.utils", "OperationalError"), ("psycopg", "OperationalError")


class OperatorError(Exception):
    """The message says what is wrong and what to do."""


class SettingError(OperatorError, ValueError):
    """A variable of the environment holds what cannot be meant; the message names it."""


def from_outside(error: BaseException) -> str:
    """What a disk, a file or the database says; empty for what is a fault of ours."""
    database = tuple(getattr(sys.modules[module], name) for module, name in _DATABASE if module in sys.modules)
    if isinstance(error, database):
        return (
            f"ฐานข้อมูลทำไม่ได้ ดูว่าเปิดอยู่และดิสก์ไม่เต็ม / The database could not do it; see that it runs and has room: {error}"
        )
    if isinstance(error, OSError):
        return f"เปิดหรือเขียนไฟล์ไม่ได้ / A file could not be opened or written: {error}"
    return ""
