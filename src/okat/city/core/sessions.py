"""Sessions in the database, read by a planned statement: every page asks for one (ADR 14)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from okat.city.core.together import Together

_SESSION = Together(str, rows=lambda key: Session.objects.filter(session_key=key))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.of(self.session_key or "")["rows"]
        if found and found[0].expire_date > timezone.now():  # the hour by which Django set it
            session: Session = found[0]
            return session
        self._session_key = None
        return None
