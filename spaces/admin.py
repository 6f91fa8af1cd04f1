"""The pages of Spaces and people: a Space's own settings for its owners, the installation's for its superusers."""

from __future__ import annotations

import mimetypes
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from spaces.admin_keys import ApiKeyAdmin
from spaces.forms import MemberForm, MemberFormSet, SpaceForm
from spaces.middleware import space_url
from spaces.models import Member, Role, Space
from spaces.scoping import role_of, space_of

__all__ = ["ApiKeyAdmin", "MemberInline", "PersonAdmin", "SpaceAdmin"]


def is_installer(request: HttpRequest) -> bool:
    """Whether the request is a superuser's at the root: the pages of the installation are nowhere else."""
    return space_of(request) is None and request.user.is_active and request.user.is_superuser


def is_owner_of(request: HttpRequest, obj: Space | None) -> bool:
    space = space_of(request)
    return space is not None and role_of(request) == Role.OWNER and (obj is None or obj.pk == space.pk)


class MemberInline(TabularInline):  # type: ignore[misc]
    """Who works in the Space, and as what."""

    model = Member
    form = MemberForm
    formset = MemberFormSet
    fields: ClassVar[list[str]] = ["person", "role", "told_of_problems"]
    extra = 1
    max_num = 200
    verbose_name = gettext_lazy("member")
    verbose_name_plural = gettext_lazy("members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).select_related("user")  # type: ignore[no-any-return]

    def _may(self, request: HttpRequest, obj: Space | None) -> bool:
        return is_installer(request) or is_owner_of(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


@admin.register(Space)
class SpaceAdmin(ModelAdmin):  # type: ignore[misc]
    """Owners see the settings of their own Space inside of it; superusers see all Spaces at the root."""

    form = SpaceForm
    inlines = [MemberInline]
    list_display = ["name", "slug", "country", "language", "open_link"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Space]:
        space = space_of(request)
        spaces: QuerySet[Space] = super().get_queryset(request)
        if space is not None:
            return spaces.filter(pk=space.pk)
        return spaces if is_installer(request) else spaces.none()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Space:
        found: Space | None = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_installer(request) or is_owner_of(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_installer(request) or is_owner_of(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_installer(request) or is_owner_of(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_installer(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here: with a Space go its invoices, and nobody may lose those by a click."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Space | None = None) -> list[str]:
        # All addresses of the Space contain it: bookmarks and programs would lose their way.
        return [] if is_installer(request) else ["slug"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Space | None = None) -> dict[str, Any]:
        return self.prepopulated_fields if obj is None else {}

    def get_fieldsets(self, request: HttpRequest, obj: Space | None = None) -> list[Any]:
        address = ["company", "street", ("postal_code", "city"), "country"]
        contact = ["email", "phone", "website", "register_entry", "logo"]
        money = ["currency", "vat_number", "tax_number", "iban", "qr_iban", "bic", "bank_name"]
        return [
            (None, {"fields": ["name", "slug", "active_features"]}),
            (_("Sender"), {"fields": [*address, *contact]}),
            (_("Money"), {"fields": money}),
            (_("Language and time"), {"fields": ["language", "time_zone"]}),
        ]

    def get_urls(self) -> list[URLPattern]:
        logo = path("<path:object_id>/logo/", self.admin_site.admin_view(self.logo_view), name="spaces_space_logo")
        return [logo, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        space = space_of(request)
        if space is not None:
            if not self.has_change_permission(request, space):
                raise PermissionDenied
            return HttpResponseRedirect(reverse("admin:spaces_space_change", args=[space.pk]))
        return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.save_features(form.instance)

    def response_add(self, request: HttpRequest, obj: Space, post_url_continue: Any = None) -> HttpResponse:
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(space_url(request, obj))

    def response_post_save_change(self, request: HttpRequest, obj: Space) -> HttpResponse:
        if space_of(request) is None:
            return super().response_post_save_change(request, obj)  # type: ignore[no-any-return]
        return HttpResponseRedirect(reverse("admin:spaces_space_change", args=[obj.pk]))

    def logo_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The logo: to the members of its Space and nobody else."""
        space = space_of(request)
        if not is_installer(request) and (space is None or str(space.pk) != object_id):
            raise Http404
        found = self.get_object(request, object_id)
        if not found.logo:
            raise Http404
        try:
            file = found.logo.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, content_type=mimetypes.guess_type(str(found.logo.name))[0] or "image/png")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    @admin.display(description=gettext_lazy("address"))
    def open_link(self, obj: Space) -> str:
        return f"/space/{obj.slug}/"


class InstallerOnly:
    """Pages of the installation: at the root, for superusers; inside a Space they do not exist."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """404 for an id that is not there and for one that is not the person's business: guessing tells nothing."""
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is None or not is_installer(request):
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_installer(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_installer(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_installer(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_installer(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_installer(request)


class PersonAdmin(InstallerOnly, UserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """The people who can log in. What they may do is decided by their roles in Spaces."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Access"), {"fields": ("is_active", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
    )


def _only_ours() -> None:
    """Leave in the admin what this product explains; the queue's own tables say nothing to a merchant."""
    foreign: list[type[Model]] = [Group, get_user_model(), *apps.get_app_config("django_q").get_models()]
    for model in foreign:
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    admin.site.register(get_user_model(), PersonAdmin)


_only_ours()
