"""Where the files of reports are fetched from: what it gives, to whom, and what it does not."""

from core.passwords import hash_password
from tests.ui.conftest import Look, Serve
from tests.ui.fake_desk import FakeDesk


def test_the_route_serves_exports_and_nothing_else(serve: Serve, look: Look, fake: FakeDesk) -> None:
    id = fake.finished().id
    served = serve(fake)
    request = look(served).page.request

    def status(path: str) -> int:
        found: int = request.get(served.address + path).status
        return found

    fetched = request.get(f"{served.address}/reports/{id}/1.html")
    assert fetched.status == 200
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["x-content-type-options"] == "nosniff"
    for odd in (f"{id}/2.md", f"{id}/1.exe", f"{id}/0.md", f"{id}/1..md", f"{id[:-1]}/1.md", "f" * 16 + "/1.md"):
        assert status(f"/reports/{odd}") == 404
    for odd in ("..%2f..%2fetc%2fpasswd/1.md", f"{id}/..%2f1.md", f"{id}/1.md%00.png", f"{id}%2f..%2f{id}/1.md"):
        assert status(f"/reports/{odd}") in (404, 405)


def test_strangers_get_no_file(serve: Serve, look: Look, fake: FakeDesk) -> None:
    id = fake.finished().id
    served = serve(fake, ui_user="me", ui_password_hash=hash_password("secret-enough"))
    looked = look(served)
    answer = looked.page.request.get(f"{served.address}/reports/{id}/1.md")
    assert answer.status == 401
