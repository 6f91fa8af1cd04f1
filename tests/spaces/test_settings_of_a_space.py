"""The settings of a Space: its owners', of their own Space only."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from spaces.models import Feature, FeatureName, Member, Role, Space
from tests.conftest import Stranger
from tests.factories import UserFactory


def address(space: Space) -> str:
    return f"/space/{space.slug}/spaces/space/{space.pk}/change/"


def form(space: Space, owner: Any, **changes: Any) -> dict[str, Any]:
    member = Member.objects.get(space=space, user=owner)
    return {
        "name": space.name,
        "company": space.company,
        "street": space.street,
        "postal_code": space.postal_code,
        "city": space.city,
        "country": space.country,
        "currency": space.currency,
        "language": space.language,
        "time_zone": space.time_zone,
        "active_features": [FeatureName.PRINTING],
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "1",
        "members-0-id": str(member.pk),
        "members-0-space": str(space.pk),
        "members-0-role": Role.OWNER,
        **changes,
    }


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    return file.getvalue()


def test_an_owner_changes_their_space(space: Space, owner: Any, owner_client: Client) -> None:
    assert owner_client.get(address(space)).status_code == 200
    answer = owner_client.post(address(space), form(space, owner, name="Alpenglühen", language="de"))
    assert answer.status_code == 302, answer.context["errors"]
    space.refresh_from_db()
    assert (space.name, space.language, space.slug) == ("Alpenglühen", "de", "alpenblick")


def test_the_address_of_a_space_is_not_its_owners_to_change(space: Space, owner: Any, owner_client: Client) -> None:
    owner_client.post(address(space), form(space, owner, slug="anders"))
    space.refresh_from_db()
    assert space.slug == "alpenblick"


@pytest.mark.parametrize("who", ["operator_client", "viewer_client"])
def test_only_owners_see_the_settings(space: Space, who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.get(address(space)).status_code == 403
    assert client.post(address(space), {"name": "x"}).status_code == 403
    assert "Space settings" not in client.get("/space/alpenblick/").content.decode()


def test_an_owner_cannot_reach_another_space_from_their_own(owner_client: Client, stranger: Stranger) -> None:
    assert owner_client.get(f"/space/alpenblick/spaces/space/{stranger.space.pk}/change/").status_code == 404


def test_features_are_switched_by_the_owner(space: Space, owner: Any, owner_client: Client) -> None:
    owner_client.post(address(space), form(space, owner, active_features=[FeatureName.DUNNING]))
    assert list(Feature.objects.filter(space=space).values_list("name", flat=True)) == [FeatureName.DUNNING]


def test_a_member_is_added_by_user_name_or_e_mail(space: Space, owner: Any, owner_client: Client) -> None:
    user = UserFactory(username="neu", email="neu@example.com")
    data = form(space, owner, **{"members-TOTAL_FORMS": "2", "members-1-space": str(space.pk)})
    data |= {"members-1-person": "NEU@example.com", "members-1-role": Role.VIEWER}
    answer = owner_client.post(address(space), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert Member.objects.get(space=space, user=user).role == Role.VIEWER


def test_an_unknown_member_is_refused_with_a_sentence(space: Space, owner: Any, owner_client: Client) -> None:
    data = form(space, owner, **{"members-TOTAL_FORMS": "2", "members-1-person": "gibtsnicht"})
    answer = owner_client.post(address(space), data | {"members-1-role": Role.VIEWER})
    assert "Nobody here has this user name or e-mail." in answer.content.decode()


def test_the_last_owner_stays(space: Space, owner: Any, owner_client: Client) -> None:
    answer = owner_client.post(address(space), form(space, owner, **{"members-0-role": Role.VIEWER}))
    assert "A Space needs an owner" in answer.content.decode()
    assert Member.objects.get(space=space, user=owner).role == Role.OWNER


def test_nobody_is_a_member_twice(space: Space, owner: Any, owner_client: Client) -> None:
    data = form(space, owner, **{"members-TOTAL_FORMS": "2", "members-1-person": owner.username})
    answer = owner_client.post(address(space), data | {"members-1-role": Role.VIEWER})
    assert "This person is a member of the Space already." in answer.content.decode()


def test_the_logo_is_shown_to_members_only(
    space: Space, owner: Any, owner_client: Client, viewer_client: Client, stranger_client: Client
) -> None:
    logo = SimpleUploadedFile("logo.png", png(), "image/png")
    answer = owner_client.post(address(space), form(space, owner, logo=logo))
    assert answer.status_code == 302, answer.context["errors"]
    path = f"/space/alpenblick/spaces/space/{space.pk}/logo/"
    page = owner_client.get(address(space)).content.decode()
    assert f'src="{path}"' in page
    assert "/media/" not in page
    shown = viewer_client.get(path)
    assert b"".join(shown.streaming_content) == png()  # type: ignore[attr-defined]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert stranger_client.get(path).status_code == 404
    assert stranger_client.get(f"/space/fremdland/spaces/space/{space.pk}/logo/").status_code == 404
    assert stranger_client.get(f"/spaces/space/{space.pk}/logo/").status_code == 404
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("iban", "DE00123456789", "This is not a valid IBAN; check its digits."),
        ("iban", "CH4431999123000889012", "This is a QR-IBAN; enter it in its own field and here the other IBAN."),
        ("vat_number", "DE123", "This is not a valid VAT number; check its digits."),
        ("qr_iban", "CH4431999123000889012", "A QR-IBAN exists only in Switzerland and Liechtenstein."),
        ("time_zone", "Mars/Phobos", "Select a valid choice."),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(
    space: Space, owner: Any, owner_client: Client, field: str, value: str, sentence: str
) -> None:
    answer = owner_client.post(address(space), form(space, owner, **{field: value}))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_a_superuser_creates_a_space_and_lands_in_it(db: None, superuser_client: Client) -> None:
    user = UserFactory(username="chefin")
    data = {
        "name": "Neuer Laden",
        "slug": "neuer-laden",
        "company": "Neuer Laden GmbH",
        "street": "Weg 1",
        "postal_code": "1",
        "city": "Ort",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "active_features": ["printing"],
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-person": "chefin",
        "members-0-role": "owner",
    }
    answer = superuser_client.post("/spaces/space/add/", data)
    assert answer.status_code == 302, answer.context["errors"]
    assert answer.headers["Location"] == "/space/neuer-laden/"
    space = Space.objects.get(slug="neuer-laden")
    assert Member.objects.get(space=space).user == user
    assert space.has_feature(FeatureName.PRINTING)


def test_nobody_else_creates_a_space(owner_client: Client) -> None:
    assert owner_client.get("/spaces/space/add/").status_code == 403
    assert owner_client.get("/space/alpenblick/spaces/space/add/").status_code == 403
