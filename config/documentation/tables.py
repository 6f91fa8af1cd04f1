"""Tables made from the code, as Markdown in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from config.documentation import dunning, faults
from config.documentation.advice import ADVICE, EXAMPLES, GROUPS, MEANINGS_OF_OUTCOMES, MEANINGS_OF_STATES
from config.documentation.order_fields import MODELS, rows
from config.documentation.units import readable
from printing import constants
from printing.providers import registry
from printing.sentences import sentence
from printing.states import PAPER_LABELS, TRANSITIONS, ConfigurationState, JobState, Outcome, UnknownRule

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!~])")


def plain(text: object) -> str:
    """Text of the code in a table's cell: none of it is taken for Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def markdown_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _constants() -> str:
    head = (_("Constant"), _("Value"), _("Meaning"))
    rows = (
        (code(name), readable(name, getattr(constants, name)), plain(meaning))
        for name, meaning in constants.MEANINGS.items()
    )
    return markdown_table(head, rows)


def _job_states() -> str:
    rows = []
    for state in JobState:
        after = ", ".join(code(next_state.name) for next_state in JobState if next_state in TRANSITIONS[state])
        rows.append(
            (
                code(state.name),
                plain(state.label),
                plain(MEANINGS_OF_STATES[state]),
                after or "–",
            )
        )
    return markdown_table((_("State"), _("Shown as"), _("Meaning"), _("Can become")), rows)


def _states_of_paper() -> str:
    rows = ((code(state.name), plain(label), plain(MEANINGS_OF_STATES[state])) for state, label in PAPER_LABELS.items())
    return markdown_table((_("State"), _("Shown as"), _("Meaning")), rows)


def _outcomes() -> str:
    rows = ((code(outcome.name), plain(outcome.label), plain(MEANINGS_OF_OUTCOMES[outcome])) for outcome in Outcome)
    return markdown_table((_("Outcome"), _("Shown as"), _("What follows")), rows)


def _states_of_configurations() -> str:
    rows = ((code(state.name), plain(state.label), plain(MEANINGS_OF_STATES[state])) for state in ConfigurationState)
    return markdown_table((_("State"), _("Shown as"), _("Meaning")), rows)


def _unknown_rules() -> str:
    rows = ((code(rule.name), plain(rule.label)) for rule in UnknownRule)
    return markdown_table((_("Rule"), _("Shown as")), rows)


def _reasons(group: str) -> Callable[[], str]:
    def build() -> str:
        rows = (
            (plain(sentence(reason, EXAMPLES)), plain(ADVICE[reason]), code(reason.value)) for reason in GROUPS[group]
        )
        return markdown_table((_("What you read"), _("What to do"), _("Code")), rows)

    return build


def _order_fields(name: str) -> Callable[[], str]:
    def build() -> str:
        head = (_("Field"), _("Holds"), _("Needed"), _("Meaning"))
        return markdown_table(head, ((code(field), plain(a), b, plain(c)) for field, a, b, c in rows(name)))

    return build


def _faults(provider: str) -> Callable[[], str]:
    def build() -> str:
        ends = {
            "successful": JobState.SUCCESSFUL.label,
            "failed": JobState.FAILED.label,
            "held": _("Waits; the printer is paused"),
        }
        rows = []
        for cell in faults.cells():
            if cell["provider"] != provider:
                continue
            label = plain(faults.LABELS[faults.Fault(cell["fault"])])
            if code_of_reason := cell.get("not_applicable"):
                rows.append((label, plain(faults.NOT_APPLICABLE[code_of_reason]), "–", "–", "–"))
                continue
            read = plain(sentence(cell["reason"], EXAMPLES)) if cell["reason"] else "–"
            came_out = _span(cell["documents"])
            if cell["duplicate"]:
                came_out = _("%(number)s; the job says that it may be twice") % {"number": came_out}
            rows.append((label, plain(ends[cell["end"]]), plain(came_out), _span(cell["attempts"]), read))
        head = (_("What goes wrong"), _("How it ends"), _("Came out"), _("Attempts"), _("What you read"))
        return markdown_table(head, rows)

    return build


def _case_states() -> str:
    rows = ((code(name), plain(label), plain(meaning), after) for name, label, meaning, after in dunning.cases())
    return markdown_table((_("State"), _("Shown as"), _("Meaning"), _("Can become")), rows)


def _reasons_against_a_notice() -> str:
    rows = ((plain(words), code(reason)) for words, reason in dunning.reasons())
    return markdown_table((_("What you read"), _("Code")), rows)


def _placeholders() -> str:
    rows = ((code(name), plain(meaning), plain(example)) for name, meaning, example in dunning.placeholders())
    return markdown_table((_("Written"), _("Meaning"), _("Example")), rows)


def _span(found: list[int]) -> str:
    """A number, or the fewest and the most."""
    return "–".join(str(number) for number in dict.fromkeys(found))


TABLES: dict[str, Callable[[], str]] = {
    "constants": _constants,
    "job states": _job_states,
    "paper states": _states_of_paper,
    "outcomes": _outcomes,
    "configuration states": _states_of_configurations,
    "unknown rules": _unknown_rules,
    "case states": _case_states,
    "reasons against a notice": _reasons_against_a_notice,
    "placeholders": _placeholders,
    **{f"reasons {group}": _reasons(group) for group in GROUPS},
    **{f"faults of {provider.key}": _faults(provider.key) for provider in registry.all_providers()},
    **{f"fields of {name}": _order_fields(name) for name in MODELS},
}
