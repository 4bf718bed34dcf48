"""Words on a control that keep it from ever being pressed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from optout.errors import PageUnexpected
from optout.flow import Labels
from optout.flow.discovery import discover
from optout.model import Why
from optout.visit.forbidden import is_forbidden, refuse_forbidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.flow import Flow

FLOWS = list(discover())


@pytest.mark.parametrize(
    "text",
    [
        "Delete my data",
        "DELETE",
        "  delete  ",
        "Permanently delete",
        "Deleting…",
        "Erase everything",
        "Clear history",
        "Close account",
        "Closing your account",
        "Deactivate",
        "Hibernate account",
        "Yes, delete",
        "“Delete”",
        "De\u00adlete my data",
        "Ｄｅｌｅｔｅ",
        "Konto löschen",
        "KONTO LO\u0308SCHEN",
        "Ihre Daten werden gelöscht",
        "Konto schließen",
        "Konto deaktivieren",
        "Supprimer le compte",
        "Effacer l’historique",
        "Fermer mon compte",
        "Désactiver le compte",
        "Account verwijderen",
        "Geschiedenis wissen",
        "Account sluiten",
        "Excluir conta",
        "Apagar dados",
        "Eliminar cuenta",
        "Borrar el historial",
        "Cerrar la cuenta",
        "Cancella i dati",
        "Elimina account",
        "Chiudi l’account",
        "Usuń konto",
        "Usuwanie danych",
        "Zamknij konto",
        "Radera konto",
        "Slet konto",
        "Удалить аккаунт",
        "Закрыть аккаунт",
        "アカウントを削除する",
        "データを消去",
        "删除账户",
        "清除历史记录",
        "關閉帳戶",
        "계정 삭제",
        "מחיקת החשבון",
        "למחוק את החשבון",
        "حذف الحساب",
    ],
)
def test_a_control_that_speaks_of_destroying_is_forbidden(text: str) -> None:
    assert is_forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Use my data for training",
        "Save",
        "Undeleted items",
        "Nuclear research",
        "Enclosed data",
        "Disclose my data",
        "Turn off",
        "Desactivar",
        "Désactiver",
        "Disattiva",
        "Beschluss",
        "データを使う",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert not is_forbidden(text)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_word_that_a_flow_looks_for_is_forbidden(flow: Flow) -> None:
    said = [*_words(flow.settings), *_words(flow.sign_in)]
    assert said
    assert [text for text in said if is_forbidden(text)] == []


def test_the_refusal_says_what_stood_there_and_what_to_do() -> None:
    with pytest.raises(PageUnexpected, match="Delete my data") as caught:
        refuse_forbidden("Use my data", "Delete my data")
    assert (caught.value.why, bool(caught.value.next_step)) == (Why.FORBIDDEN, True)


def _words(fact: object) -> Iterator[str]:
    """Every wording of controls and buttons, wherever in a flow's facts it stands."""
    if isinstance(fact, Labels):
        yield from (wording.text for wording in fact)
    elif isinstance(fact, tuple):
        for each in fact:
            yield from _words(each)
    elif dataclasses.is_dataclass(fact):
        for field in dataclasses.fields(fact):
            if field.name != "asks":  # a question may well speak of it
                yield from _words(getattr(fact, field.name))
