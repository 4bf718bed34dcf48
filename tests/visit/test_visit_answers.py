"""What comes back from pages, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.page_scripts import ask

if TYPE_CHECKING:
    from playwright.async_api import Page


async def test_half_a_sign_arrives_as_one_that_can_be_written_down(page: Page) -> None:
    asked = r"() => ['half \ud83d', 'whole \ud83d\ude00', 'spelt \\ud83d', '\\\ud83d.', {k: '\udE00'}]"
    assert await ask(page, asked) == [
        "half \ufffd",
        "whole \U0001f600",
        r"spelt \ud83d",
        "\\\ufffd.",
        {"k": "\ufffd"},
    ]
