"""Columns that look as if they held secrets: a roster with one of them is not read at all."""

from __future__ import annotations

import re
import unicodedata

# In any part of a name, however it is put together.
_ANYWHERE = (
    *("password", "passwd", "passphrase", "passcode", "passkey", "passwort", "kennwort", "losungswort"),
    *("mot de passe", "contraseña", "contrasenya", "clave secreta", "palavra-passe", "senha", "parola"),
    *("wachtwoord", "lösenord", "adgangskode", "passord", "salasana", "hasło", "heslo", "jelszó"),
    *("lozinka", "geslo", "parool", "slaptažodis", "şifre", "mật khẩu", "kata sandi"),
    *("пароль", "парола", "лозинка", "κωδικός πρόσβασης", "συνθηματικό", "סיסמה", "סיסמא"),
    *("كلمة المرور", "كلمة السر", "رمز عبور", "पासवर्ड", "รหัสผ่าน"),
    *("密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호"),
    *("totp", "hotp", "otpauth", "authenticator", "token", "cookie", "credential", "jwt", "bearer"),
    *(
        "api key",
        "private key",
        "secret key",
        "access key",
        "recovery code",
        "backup code",
        "session id",
    ),
    *("security answer", "security code", "zugangsdaten", "geheimnis", "identifiants secrets", "jeton"),
)
# Only as a word: they are part of others, such as "secretary", "footprint" and "opinion".
_WORDS = (
    *("pass", "pwd", "pw", "pswd", "psw", "pin", "puk", "tan", "otp", "mfa", "2fa", "tfa", "mdp"),
    *(
        "seed",
        "seeds",
        "secret",
        "secrets",
        "secreto",
        "segreto",
        "segredo",
        "geheim",
        "секрет",
        "session",
    ),
)


def _folded(text: str) -> str:
    """Small letters without accents, each run of anything else as one space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in letters if unicodedata.category(each) not in ("Mn", "Cf"))
    return re.sub(r"[\W_]+", " ", bare).strip()


def _joined(text: str) -> str:
    return _folded(text).replace(" ", "")


_JOINED = {_joined(word): word for word in _ANYWHERE}
_WHOLE = {_folded(word): word for word in _WORDS}


def secret_word(column: str) -> str:
    """The word that makes a column's name look like a secret's; empty where none does.

    Never anything else of the name: where a file has no header, it may be a secret itself.
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unicodedata.normalize("NFKC", column))
    joined, words = _joined(column), [*_folded(column).split(), *_folded(apart).split()]
    found = (word for folded, word in _JOINED.items() if folded in joined)
    whole = (_WHOLE[word] for word in words if word in _WHOLE)
    return next(found, "") or next(whole, "") or ("secret" if re.search("secret(?!ar)", joined) else "")
