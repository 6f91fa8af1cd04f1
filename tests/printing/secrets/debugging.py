"""The settings of an operator who looks for a fault: everything is logged."""

from tests.settings import *  # noqa: F403
from tests.settings import LOGGING

DEBUG = True
LOGGING.update(root={"handlers": ["console"], "level": "DEBUG"})
