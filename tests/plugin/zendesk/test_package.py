"""The app to upload: Zendesk's rules hold for it, it is the same everywhere, and it opens the sidebar."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lineage.wording.languages import LANGUAGES
from plugin.zendesk import packaging
from sandbox.zendesk.records import User
from tests.our_files import project
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import first_load
from tests.plugin.zendesk.validator import problems


def test_zendesks_own_rules_hold_for_the_package() -> None:
    assert problems(packaging.files()) == []


def _without(*path: str) -> Callable[[Any], None]:
    def change(manifest: Any) -> None:
        for step in path[:-1]:
            manifest = manifest[step]
        del manifest[path[-1]]

    return change


def _with(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(manifest: Any) -> None:
        for step in path[:-1]:
            manifest = manifest[step]
        manifest[path[-1]] = value

    return change


PLACE = ("location", "support", "ticket_sidebar")
WRONG: list[tuple[Callable[[Any], None], str]] = [
    (_without("author"), "author is missing"),
    (_without("defaultLocale"), "no translations for the default language"),
    (_without("location"), "location is missing"),
    (_with("1.0", "frameworkVersion"), "frameworkVersion must be 2.0"),
    (_with("yes", "signedUrls"), "signedUrls must be true or false"),
    (_with(False, "signedUrls"), "without signedUrls nobody proves"),
    (_with(False, "private"), "needs Zendesk's review"),
    (_with(2, "version"), "version must be text"),
    (_with("somewhere", "author", "url"), "no address"),
    (_with(True, "noTemplate"), "noTemplate ended"),
    (_with({"x": True}, "experiments"), "no experiments"),
    (_with(1, "nonsense"), "nonsense is no key"),
    (_with({"url": "https://x.example"}, "location", "support", "cellar"), "cellar is no place"),
    (_with("http://kithspark.example", *PLACE, "url"), "neither https nor a setting"),
    (_with("", *PLACE, "url"), "has no url"),
    (_with("wide", *PLACE, "flexible"), "flexible must be"),
    (_with({}, "parameters"), "parameters must be a list"),
    (_with("name", "parameters", 0, "name"), "may be called name"),
    (_with("hidden", "parameters", 0, "type"), "nobody can fill it in"),
    (_with("address", "parameters", 0, "type"), "no type of ours"),
    (_with("no", "parameters", 0, "required"), "true or false"),
    (_with(True, "parameters", 0, "secure"), "says nowhere what for"),
    (_with("other_name", "parameters", 0, "name"), "does not label every setting"),
    (_with("fr-FRANCE", "defaultLocale"), "no translations"),
    (_with("with a token", "name"), "looks like a secret"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_manifest_that_breaks_a_rule_is_found_out(change: Callable[[Any], None], words: str) -> None:
    files = packaging.files()
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    assert any(words in one for one in problems({**files, "manifest.json": json.dumps(manifest).encode()}))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("translations/english.json", b"{}", "names no language"),
        ("translations/en.json", b"{", "translations/en.json"),
        ("translations/de.json", b'{"app": {}}', "does not say app.name"),
        ("assets/logo.png", b"GIF89a", "not a square PNG of 320"),
        ("assets/app.js", b"", "not for an app like ours"),
        ("assets/icon_nav_bar.svg", b"<svg ><script >x</script></svg>", "more than shapes"),
        ("manifest.json", b'{"name": "a", "name": "b"}', "there twice"),
    ],
)
def test_a_file_that_breaks_a_rule_is_found_out(name: str, content: bytes, words: str) -> None:
    assert any(words in one for one in problems({**packaging.files(), name: content}))


def test_a_place_in_the_nav_bar_without_its_icon_is_found_out() -> None:
    files = {name: content for name, content in packaging.files().items() if not name.endswith(".svg")}
    assert problems(files) == ["nav_bar has no assets/icon_nav_bar.svg"]


def test_a_package_in_a_folder_of_its_own_is_found_out() -> None:
    assert problems({f"kithspark/{name}": content for name, content in packaging.files().items()})


def test_it_speaks_every_language_that_we_do_and_all_say_the_same() -> None:
    said = {
        name: json.loads(content) for name, content in packaging.files().items() if "translations/" in name
    }
    assert {name[13:-5] for name in said} == {*LANGUAGES, "pt-br"}
    assert said["translations/pt.json"] == said["translations/pt-br.json"]
    assert len({json.dumps(_shape(one)) for one in said.values()}) == 1
    texts = [json.dumps(one) for name, one in said.items() if name != "translations/pt-br.json"]
    assert len(set(texts)) == len(texts)


def _shape(said: Any) -> Any:
    return {key: _shape(one) for key, one in said.items()} if isinstance(said, dict) else bool(said)


def test_its_version_is_ours() -> None:
    assert json.loads(packaging.files()["manifest.json"])["version"] == project()["project"]["version"]


def test_the_zip_is_the_same_bytes_whoever_makes_it_whenever(tmp_path: Path) -> None:
    code = "from plugin.commands import main; main()"
    digests = set()
    for n, zone in enumerate(("Asia/Tokyo", "America/Lima")):
        file = tmp_path / f"{n}.zip"
        subprocess.run(
            [sys.executable, "-c", code, "zendesk-app", str(file)],
            check=True, capture_output=True, env={"TZ": zone, "PYTHONPATH": ":".join(sys.path), "PATH": ""},
        )  # fmt: skip
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert len((tmp_path / "0.zip").read_bytes()) < 100_000


def test_the_zip_holds_what_is_in_the_folder() -> None:
    whole = zipfile.ZipFile(io.BytesIO(packaging.zipped(packaging.files())))
    assert whole.testzip() is None
    assert {one: whole.read(one) for one in whole.namelist()} == packaging.files()
    shipped = {path for path in packaging.FOLDER.rglob("*") if path.is_file()}
    assert {packaging.FOLDER / name for name in whole.namelist()} == shipped


def test_the_app_that_is_uploaded_opens_the_sidebar_at_the_address_that_its_installer_gave(
    house: House, agnes: User
) -> None:
    package = packaging.zipped(packaging.files())
    house.zendesk.install_package(package, {"sidebar_address": f"{house.url}/zendesk/sidebar/acme"})
    assert house.zendesk.sidebar.first_load_url(house.zendesk.url).startswith(
        f"{house.url}/zendesk/sidebar/acme?"
    )
    assert first_load(house, house.zendesk.signed_token(agnes)).status_code == 200
    in_the_nav_bar = house.zendesk.sidebar.first_load_url(house.zendesk.url, "nav_bar")
    assert in_the_nav_bar.startswith(f"{house.url}/zendesk/sidebar/acme/queue?")
    for given in ({}, {"sidebar_address": ""}, {"sidebar_address": "acme"}):
        with pytest.raises(ValueError, match="sidebar_address"):
            house.zendesk.install_package(package, given)
