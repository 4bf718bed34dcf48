"""Words on a button that mean it is never pressed, whatever a flow says."""

from __future__ import annotations

import re

from optout.errors import PageUnexpected
from optout.flow.wording import plain
from optout.model import Why

# Stems per language; each is matched at the start of a word. "Close" is here for accounts: what merely
# closes a dialog is put away with Escape instead.
_STEMS = (
    *("delet", "erase", "clear", "close", "closing", "deactivat", "hibernat"),
    *("lösch", "loesch", "schließ", "schliess", "deaktivier"),
    *("supprim", "effac", "ferme", "désactiver le compte", "clôtur"),
    *("verwijder", "wis", "sluit", "deactiver"),
    *("exclui", "apaga", "elimin", "encerra", "fecha", "desativar conta"),
    *("cancell", "chiud", "disattiva l'account"),
    *("borra", "cerra", "suprim", "usuń", "usun", "zamkn", "skasuj"),
    *("削除", "消去", "閉鎖", "删除", "清除", "关闭账", "מחיק", "מחק"),
)
_DELIMITED = re.compile(
    "|".join(rf"(?<!\w){re.escape(plain(s))}" if s[0].isascii() or s[0].isalpha() else s for s in _STEMS)
)


def is_forbidden(text: str) -> bool:
    """Whether a control's own text speaks of deleting, erasing, clearing, closing, deactivating."""
    return bool(_DELIMITED.search(plain(text)))


def refuse_forbidden(*texts: str) -> None:
    """Refuse to press something that carries one of these texts.

    Raises:
        PageUnexpected: one of them speaks of destroying something.
    """
    for text in texts:
        if is_forbidden(text):
            raise PageUnexpected(
                "a control was not pressed because of what it says",
                step="press",
                expected="nothing about deleting, erasing, clearing, closing or deactivating",
                found=f'"{text[:80]}"',
                next_step="Change the setting by hand, and report what the page says now.",
                why=Why.FORBIDDEN,
            )
