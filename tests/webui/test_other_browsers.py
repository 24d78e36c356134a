"""The page in WebKit: what it does otherwise than Chromium, the rest of the tests cannot see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains, Keys, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.webui.webkit import webkit

# Selenium's own way to WebKit is one that it warns of.
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")

MANY = 110
"""Steps; Safari lets a page write a hundred addresses in ten seconds."""


WATCH = """
window.complaints = [];
for (const type of ["error", "unhandledrejection", "securitypolicyviolation"])
  addEventListener(type, ({ message, reason, blockedURI }) =>
    complaints.push(String(message ?? reason ?? blockedURI)));
"""


@pytest.fixture
def driver(address: str) -> Iterator[WebKitGTK]:
    with webkit() as driver:
        driver.get(address)
        driver.execute_script(WATCH)
        await_truth(driver, "document.hasFocus() && !document.getElementById('welcome').hidden")
        yield driver
        assert driver.execute_script("return complaints") == []


def press(driver: WebKitGTK, *keys: str) -> None:
    ActionChains(driver).send_keys(*keys).perform()


def await_truth(driver: WebKitGTK, condition: str) -> None:
    script = f"return Boolean({condition})"
    WebDriverWait(driver, 10).until(lambda _: driver.execute_script(script), condition)  # type: ignore[no-untyped-call]


def look_for(driver: WebKitGTK, words: str) -> None:
    press(driver, "/", words, Keys.ENTER)
    await_truth(driver, "document.querySelectorAll('.tile').length === 8")


def test_a_hit_is_opened_and_passed_by_keys_that_are_held(driver: WebKitGTK) -> None:
    look_for(driver, "red")
    press(driver, Keys.ARROW_DOWN, Keys.ENTER)
    await_truth(driver, "document.getElementById('position').textContent === '1 / 8'")
    press(driver, *(Keys.ARROW_RIGHT, Keys.ARROW_LEFT) * (MANY // 2), Keys.ARROW_RIGHT)
    await_truth(driver, "document.getElementById('position').textContent === '2 / 8'")
    press(driver, Keys.ESCAPE)
    await_truth(driver, "!document.getElementById('detail').open")
    await_truth(driver, "document.activeElement.matches('.tile:nth-child(2) .opens')")


def test_tab_leads_into_the_filters_that_were_opened_by_a_press(driver: WebKitGTK) -> None:
    look_for(driver, "red")
    summary = driver.find_element(By.CSS_SELECTOR, "#filters > summary")
    ActionChains(driver).move_to_element(summary).click().perform()  # on the word in its middle
    await_truth(driver, "document.getElementById('filters').open")
    press(driver, Keys.TAB)
    await_truth(driver, "document.activeElement.id === 'folder'")


def test_a_page_that_is_come_back_to_is_as_it_was(driver: WebKitGTK) -> None:
    look_for(driver, "red")
    driver.find_element(By.CSS_SELECTOR, ".places a[href='/library']").click()
    await_truth(driver, "location.pathname === '/library'")
    driver.back()
    await_truth(driver, "window.complaints")  # the very page, which was kept
    await_truth(driver, "document.querySelector('.tile').offsetHeight > 100")
    await_truth(driver, "document.getElementById('words').value === 'red'")
