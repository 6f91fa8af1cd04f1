"""The API for programs, ``/api/v1/``: what its parts have in common, and how it says that something is wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from connectors.api import router as sales
from connectors.order_errors import path, problem_of
from connectors.payment_checks import PaymentRefused
from printing.api import router as printing
from spaces.api import SpaceKey
from spaces.api_schema import camel


class ExactParser(Parser):
    """Reads decimals as they are written: a float would turn 0.1 into something else."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_float=Decimal)


api = NinjaAPI(
    title="Pressroom",
    version="1.0.0",
    description="Payments, invoices and print jobs of a Space. Every call needs a key of the Space.",
    auth=SpaceKey(),
    parser=ExactParser(),
    urls_namespace="api",
)
api.add_router("", sales)
api.add_router("", printing)


def _answer(status: int, *problems: tuple[str, str]) -> HttpResponse:
    """``{"errors": [{"field": …, "message": …}]}``; ``field`` is empty where it is about the whole."""
    errors = [{"field": field, "message": message} for field, message in problems]
    return HttpResponse(json.dumps({"errors": errors}), status=status, content_type="application/json")


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    # The first two steps say that it was in the body or the query, and the name of our own parameter.
    found = [{**item, "loc": _place(item["loc"])} for item in error.errors]
    return _answer(422, *((path(item["loc"]), problem_of(item)) for item in found))


def _place(location: Any) -> tuple[Any, ...]:
    return tuple(location)[2:] if location and location[0] == "body" else tuple(location)[1:]


@api.exception_handler(PaymentRefused)
def _refused(_request: HttpRequest, error: PaymentRefused) -> HttpResponse:
    return _answer(422, *((camel(field), sentence) for field, sentence in error.problems.items()))


@api.exception_handler(AuthenticationError)
def _unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = _answer(401, ("", _("This needs a valid key: “Authorization: Bearer …”.")))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    message = _("The body is not JSON.") if error.status_code == 400 else str(error)
    return _answer(error.status_code, ("", message))


@api.exception_handler(Http404)
def _not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(404, ("", _("There is nothing at this address.")))
