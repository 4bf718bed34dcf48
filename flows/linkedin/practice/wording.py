"""What signed-in pages say, by the account's display language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The texts of one language. Where no public source has one, it is our own plain wording.

    Attributes:
        heading: heading of the setting, and its row in the list.
        label: label of the switch.
        question: what the setting asks.
        on: state text while the switch is on.
        off: state text while it is off.
        privacy: name of the list the setting stands in.
        usage: the list's section it stands in.
        settings: name of the settings as a whole.
        me: name of the menu about oneself.
    """

    heading: str
    label: str
    question: str
    on: str
    off: str
    privacy: str
    usage: str
    settings: str
    me: str


# Escapes where a character has a look-alike: the typographic apostrophe is what such pages show.
WORDINGS = {
    "en": Wording(
        heading="Data for Generative AI Improvement",
        label="Use my data for training content creation AI models",
        question=(
            "May we and our affiliates use your personal data and the content you create to train "
            "generative AI models that create content?"
        ),
        on="On",
        off="Off",
        privacy="Data privacy",
        usage="How we use your data",
        settings="Settings & Privacy",
        me="Me",
    ),
    "de": Wording(
        heading="Daten zur Verbesserung generativer KI",
        label="Ihre Daten zum Schulen von KI-Modellen verwenden, um Inhalte zu erstellen",
        question=(
            "Dürfen wir und unsere Konzerngesellschaften Ihre Daten und Inhalte nutzen, um "
            "generative KI-Modelle zu schulen, die Inhalte erstellen?"
        ),
        on="Ein",
        off="Aus",
        privacy="Datenschutz",
        usage="So verwenden wir Ihre Daten",
        settings="Einstellungen & Datenschutz",
        me="Sie",
    ),
    "fr": Wording(
        heading="Données pour l\u2019amélioration de l\u2019IA générative",
        label="Utiliser mes données pour entraîner des modèles d\u2019IA de création de contenu",
        question=(
            "Pouvons-nous, avec nos sociétés affiliées, utiliser vos données et vos contenus pour "
            "entraîner des modèles d\u2019IA générative\u00a0?"
        ),
        on="Activé",
        off="Désactivé",
        privacy="Confidentialité des données",
        usage="Comment nous utilisons vos données",
        settings="Préférences et confidentialité",
        me="Vous",
    ),
    "nl": Wording(
        heading="Gegevens voor verbetering van generatieve AI",
        label="Mijn gegevens gebruiken voor training van AI-modellen waarmee content wordt gemaakt",
        question=(
            "Mogen wij en onze partners uw gegevens en content gebruiken om generatieve "
            "AI-modellen te trainen?"
        ),
        on="Aan",
        off="Uit",
        privacy="Gegevensprivacy",
        usage="Hoe wij uw gegevens gebruiken",
        settings="Instellingen en privacy",
        me="Ik",
    ),
    "pt-BR": Wording(
        heading="Dados para aprimoramento da IA generativa",
        label="Usar meus dados para treinar modelos de IA para criar conteúdos",
        question=(
            "Podemos, com nossas afiliadas, usar seus dados e conteúdos para treinar modelos de IA "
            "generativa que criam conteúdo?"
        ),
        on="Ativada",
        off="Desativada",
        privacy="Privacidade dos dados",
        usage="Como usamos seus dados",
        settings="Configurações e privacidade",
        me="Eu",
    ),
    "it": Wording(
        heading="Dati per migliorare l\u2019IA generativa",
        label="Usa i miei dati per insegnare a modelli di IA che creano contenuti",
        question="Possiamo usare i tuoi dati e contenuti per addestrare modelli di IA generativa?",
        on="Sì",
        off="No",
        privacy="Privacy dei dati",
        usage="Come usiamo i tuoi dati",
        settings="Impostazioni e privacy",
        me="Tu",
    ),
    "es": Wording(
        heading="Datos para mejorar la IA generativa",
        label="Usar mis datos para enseñar a modelos de IA que crean contenido",
        question="¿Podemos usar tus datos y contenidos para entrenar modelos de IA generativa?",
        on="Activado",
        off="Desactivado",
        privacy="Privacidad de los datos",
        usage="Cómo usamos tus datos",
        settings="Configuración y privacidad",
        me="Yo",
    ),
    "pl": Wording(
        heading="Dane do ulepszania generatywnego AI",
        label="Używaj moich danych do uczenia modeli AI tworzących treści",
        question="Czy możemy używać Twoich danych i treści do szkolenia modeli generatywnego AI?",
        on="Wł.",
        off="Wył.",
        privacy="Prywatność danych",
        usage="Jak używamy Twoich danych",
        settings="Ustawienia i prywatność",
        me="Ja",
    ),
    "ja": Wording(
        heading="生成AIの改善のためのデータ",
        label="コンテンツを作るAIの学習に私のデータを使う",
        question="あなたのデータと投稿を、生成AIの学習に使ってもよいですか。",
        on="オン",
        off="オフ",
        privacy="データのプライバシー",
        usage="データの使われ方",
        settings="設定とプライバシー",
        me="自分",
    ),
}
