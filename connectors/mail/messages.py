"""What an e-mail to a customer says, in the customer's language, with the document as it is printed."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from connectors import issued_kinds
from connectors.mail.words import words_of
from connectors.models import IssuedDocument, OutgoingMail
from printing.admin.downloads import file_name
from spaces.mail import AUTOMATIC


def message_of(mail: OutgoingMail, document: IssuedDocument, pdf: bytes) -> EmailMultiAlternatives:
    """The message of an e-mail: plain text, HTML, and the PDF; under the same Message-ID on every try.

    It comes from this installation's address in the Space's name; answers go to the Space.
    """
    space = mail.space
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with translation.override(document.copy.language):
        words = words_of(document)
        attached = file_name(issued_kinds.name_of(document))
        context = {"words": words, "space": space, "language": document.copy.language, "attached": attached}
        message = EmailMultiAlternatives(
            subject=" ".join(words.subject.split()),
            body=render_to_string("mail/document.txt", context).strip() + "\n",
            from_email=formataddr((space.company, sender)),
            to=[mail.recipient],
            reply_to=[formataddr((space.company, space.email))] if space.email else None,
            headers={
                "Message-ID": f"<{mail.key.hex}@{sender.rpartition('@')[2] or 'localhost'}>",
                **AUTOMATIC,
            },
        )
        message.attach_alternative(render_to_string("mail/document.html", context), "text/html")
    message.attach(attached, pdf, "application/pdf")
    return message
