"""Words on a button that mean it is never pressed, whatever a flow says."""

from __future__ import annotations

import re

from optout.errors import PageUnexpected
from optout.flow.wording import plain
from optout.model import Why

# Stems per language; each is matched at the start of a word, where a script divides words. "Close" is
# here for accounts: what merely closes a dialog is put away with Escape instead.
_STEMS = (
    *("delet", "erase", "clear", "close", "closing", "deactivat", "hibernat"),
    *("lösch", "loesch", "gelösch", "geloesch", "schließ", "schliess", "deaktivier"),
    *("supprim", "effac", "ferme", "désactiver le compte", "clôtur"),
    *("verwijder", "wis", "sluit", "deactiver"),
    *("exclui", "apaga", "elimin", "encerra", "fecha", "desativar conta"),
    *("cancell", "chiud", "disattiva l'account"),
    *("borra", "cerra", "suprim", "usuń", "usun", "usuw", "zamkn", "zamyk", "skasuj", "dezaktyw"),
    *("radera", "avsluta konto", "slet", "smaž", "odstran", "törl", "töröl", "șterge", "şterge"),
    *("удал", "стер", "закры", "деактив", "видал", "закри", "διαγρα", "hapus", "xóa", "poista"),
    *("削除", "消去", "閉鎖", "删除", "刪除", "清除", "关闭账", "關閉帳", "삭제", "탈퇴", "ลบ"),
    *("מחיק", "מחק", "למחוק", "حذف", "हटा"),
)
# These scripts put no space, or one letter more, before a word.
_UNDIVIDED_FROM = "\u0590"


def _pattern(stem: str) -> str:
    escaped = re.escape(plain(stem))
    return escaped if stem[0] >= _UNDIVIDED_FROM else rf"(?<!\w){escaped}"


_DELIMITED = re.compile("|".join(map(_pattern, _STEMS)))


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
