"""The forum of the workspace `acme`, served on a real socket, with people who visit it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Engine, select

from plugin import forum, pages, translating
from plugin.app_state import Kithspark
from plugin.forum import mails, moderation
from plugin.forum.tables import forum_posts
from plugin.forum.visitor import Visitor
from plugin.settings import Settings
from sandbox.clock import Clock
from sandbox.server import Server
from store.database import reading, transaction
from store.secrets import Vault
from store.workspaces import Workspace


@dataclass(frozen=True)
class Scene:
    state: Kithspark
    app: Flask
    url: str
    workspace: Workspace
    clock: Clock

    def visitor(self) -> Visitor:
        return Visitor(self.url, self.workspace.slug)

    def member(self, name: str) -> Visitor:
        visitor = self.visitor()
        visitor.sign_in(f"{name.lower()}@example.com", name, newest_mail=self.newest_mail)
        return visitor

    def newest_mail(self, to: str) -> str:
        with reading(self.state.engine) as conn:
            return mails.letters(conn, self.state.vault, self.workspace, to=to)[0].text

    def decide(self, post_id: int, verdict: moderation.Decision, reason: str = "") -> bool:
        with transaction(self.state.engine) as conn:
            return moderation.decide(
                conn,
                self.workspace,
                post_id,
                verdict,
                by="operator:eve",
                reason=reason,
                now=self.clock.now(),
            )

    def published(self, author: Visitor, title: str, words: str = "We need it every day.") -> int:
        post_id = author.post(title, words)
        assert self.decide(post_id, "publish")
        return post_id

    def votes(self, post_id: int) -> int:
        with reading(self.state.engine) as conn:
            return int(
                conn.execute(select(forum_posts.c.votes).where(forum_posts.c.id == post_id)).scalar_one()
            )

    def get(self, path: str, **headers: str) -> requests.Response:
        address = f"{self.url}/f/{self.workspace.slug}{path}"
        return requests.get(address, headers=headers, timeout=5, allow_redirects=False)

    def post(self, path: str, **form: str) -> requests.Response:
        address = f"{self.url}/f/{self.workspace.slug}{path}"
        return requests.post(address, form, timeout=5, allow_redirects=False)


def forum_app(state: Kithspark) -> Flask:
    app = Flask("plugin", template_folder=".")
    app.extensions["kithspark"] = state
    settings = state.settings
    pages.prepare(app, keys=settings.secret_keys, public_url=settings.public_url, redis_url=None)
    translating.use(app)
    app.register_blueprint(forum.routes)
    return app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database: Engine, database_url: str, tmp_path: Path, clock: Clock) -> Kithspark:
    keys = (Fernet.generate_key().decode(),)
    settings = Settings(data_dir=tmp_path, database_url=database_url, secret_keys=keys)
    return Kithspark(database, settings, Vault(keys), lambda: None, clock.now)


@pytest.fixture
def scene(state: Kithspark, workspace: Workspace, clock: Clock) -> Iterator[Scene]:
    app = forum_app(state)
    server = Server(app)
    server.start()
    yield Scene(state, app, server.url, workspace, clock)
    server.stop()
