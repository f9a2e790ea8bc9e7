"""The settings page in a real browser."""

from tests.ui.conftest import Look, Serve
from tests.ui.fake_desk import FakeDesk


def test_it_shows_models_money_and_the_check_up_and_no_secret(serve: Serve, look: Look, fake: FakeDesk) -> None:
    looked = look(serve(fake, api_key="sk-very-secret", ollama="http://me:hidden@127.0.0.1:11434"))
    page = looked.page
    page.get_by_role("tab", name="设置").click()
    page.locator("#zd-models table").wait_for()
    assert page.locator("#zd-models tbody tr").count() == 4
    assert "不会自己组织长篇回答" in page.locator("#zd-models").inner_text()
    assert "42 次调用 · 读 51,200 词元，写 3,400 词元 · 费用 0.37" in page.locator("#zd-money").inner_text()
    assert "https://api.deepseek.com/v1" in page.locator("#zd-snippet").inner_text()
    page.get_by_label("Ollama").check()
    page.locator("#zd-snippet", has_text="ZHENGDU_OLLAMA=http://127.0.0.1:11434").wait_for()
    page.get_by_role("button", name="检查连接").click()
    report = page.locator("#zd-doctor table")
    report.wait_for()
    assert [word in report.inner_text() for word in ("正常", "注意", "有问题")] == [True] * 3
    assert "sk-very-secret" not in page.content()
    assert "hidden@" not in page.content()
    assert page.locator("input[type=password]").count() == 0
    looked.clean()
