"""What LinkedIn calls the setting, per language, with the dates each wording was seen."""

from optout.flow import Labels, Wording

HEADING = Labels(
    Wording("en", "Data for Generative AI Improvement", "2024-09/", "user guides"),
    Wording("de", "Daten zur Verbesserung generativer KI", "2025-10/", "sonntagsblatt.de"),
    Wording("fr", "Données pour l'amélioration de l'IA générative", "2025-09/", "vert.eco"),
    Wording("nl", "Gegevens voor verbetering van generatieve AI", "2025-09/", "iphoned.nl"),
    Wording("pt-BR", "Dados para aprimoramento da IA generativa", "2024-09/", "bukib.com"),
    Wording("pt-BR", "Dados para aprimoramento de IA generativa", "2024-09/", "canaltech.com.br"),
    Wording("it", "Dati per migliorare l'IA generativa", "2025-10/", "tg24.sky.it"),
    Wording("it", "Dati per il miglioramento dell'IA generativa", "2025-10/", "lacapitalenews.it"),
    Wording("es", "Datos para mejorar la IA generativa", "2025-10/", "eldestapeweb.com"),
    Wording("es", "Datos para la mejora de la IA generativa", "2024-09/", "aibase.com"),
    Wording("pl", "Dane do ulepszania generatywnego AI", "2025/", "one guide, weak"),
)

# Italian, Spanish, Polish and the other languages have no verbatim source for this label: there the
# switch is told by its key and its section instead.
LABEL = Labels(
    Wording("en", "Use my data for training content creation AI models", "2024-09/", "user guides"),
    Wording(
        "de",
        "Ihre Daten zum Schulen von KI-Modellen verwenden, um Inhalte zu erstellen",
        "2025-10/",
        "sonntagsblatt.de, meinrecht.de",
    ),
    Wording(
        "fr",
        "Utiliser mes données pour entraîner des modèles d'IA de création de contenu",
        "2025-09/",
        "vert.eco, clubic.com",
    ),
    Wording(
        "nl",
        "Mijn gegevens gebruiken voor training van AI-modellen waarmee content wordt gemaakt",
        "2025-09/",
        "iphoned.nl, hartvannederland.nl",
    ),
    Wording(
        "pt-BR",
        "Usar meus dados para treinar modelos de IA para criar conteúdos",
        "2024-09/",
        "bukib.com, canaltech.com.br",
    ),
)

ON = Labels(
    Wording("en", "On"),
    Wording("de", "Ein"),
    Wording("nl", "Aan"),
    Wording("pt-BR", "Ativada"),
    Wording("it", "Sì"),
)
OFF = Labels(
    Wording("en", "Off"),
    Wording("de", "Aus"),
    Wording("nl", "Uit"),
    Wording("pt-BR", "Desativada"),
    Wording("it", "No"),
)
