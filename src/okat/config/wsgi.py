"""What the server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what was loaded by now stays: the collector need not walk through it at every request
