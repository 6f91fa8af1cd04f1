"""Which document a rule may bring with which event: one answer, from the form and from the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from connectors.models import Document, Event, MailRule, PrintRule, documents_of
from connectors.models.rule import CREDIT_NOTE_ALONE
from tests.connectors.factories import ConnectorFactory

pytestmark = pytest.mark.django_db


def test_every_event_brings_something_and_every_document_comes_with_something() -> None:
    assert all(documents_of(event) for event in Event)
    assert {document for event in Event for document in documents_of(event)} == set(Document)


@pytest.mark.parametrize("model", [PrintRule, MailRule])
def test_form_and_database_take_exactly_these(model: Any) -> None:
    connector = ConnectorFactory()
    for event in Event:
        for document in Document:
            rule = model(connector=connector, event=event, document=document)
            assert (_refusal(rule) == [str(CREDIT_NOTE_ALONE)]) == (document not in documents_of(event)), (
                event,
                document,
            )
            assert _is_written(rule) == (document in documents_of(event)), (event, document)


def test_a_rule_without_its_document_is_asked_for_nothing_else() -> None:
    with pytest.raises(ValidationError) as refused:
        PrintRule(connector=ConnectorFactory(), event=Event.CREDIT_NOTE_ISSUED).full_clean()

    assert refused.value.message_dict == {"document": ["This field cannot be blank."]}


def _refusal(rule: Any) -> list[str]:
    try:
        rule.full_clean(validate_constraints=False)
    except ValidationError as refused:
        return refused.message_dict["document"]
    return []


def _is_written(rule: Any) -> bool:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        return False
    return True
