"""What the server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from okat.config import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
application = get_wsgi_application()
checks.refuse()  # however the server was started
gc.collect()
gc.freeze()  # what was loaded by now stays: the collector need not walk through it at every request
