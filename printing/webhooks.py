"""Where print services call us: ``POST /hooks/<provider>/<hook_key>/``, outside of every Space, without a session.

A call is a hint and no more: what it says counts once it proves that it knows the connection's secret, and what a lost
one would have said is asked for by :mod:`printing.follow_up`.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from printing.models import Connection
from printing.paper import apply_events
from printing.provider_context import webhook_provider
from printing.providers.errors import WebhookNotUnderstood, WebhookRefused

logger = logging.getLogger(__name__)

MAX_BODY = 1_000_000  # octets; a longer call is refused unread


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, hook_key: str) -> HttpResponse:
    """Act on a call: 200 with the provider's receipt, 404, 413, 401 without the secret, 400 where it is unreadable.

    A key nobody has, one of another provider, and a provider that never calls have the same answer after one query.
    """
    if _length(request) > MAX_BODY:
        return HttpResponse(status=413)
    connection = Connection.objects.filter(hook_key=hook_key, provider=provider).first()
    service = webhook_provider(connection.provider) if connection else None
    if connection is None or service is None:
        return HttpResponse(status=404)
    try:
        # Never with an empty secret, whatever the provider makes of one: anybody can send nothing.
        secret = connection.credentials.get(service.webhook_secret_field, "")
        if not secret:
            raise WebhookRefused("no secret is set here")
        events = service.parse_webhook(request.headers, request.body, secret)
    except WebhookRefused as error:
        logger.warning("webhook of connection %s refused: %s", connection.pk, error)
        return HttpResponse(status=401)
    except WebhookNotUnderstood as error:
        logger.warning("webhook of connection %s not understood: %s", connection.pk, error)
        return HttpResponse(status=400)
    apply_events(connection, events)
    return HttpResponse(headers=dict(service.webhook_answer_headers))


def _length(request: HttpRequest) -> int:
    """The announced length; without a proper one Django reads nothing either."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced) if announced.isdecimal() else 0
