"""The server: three resources, the vendor's errors, and what was sent to it, for tests to look at."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox.clock import Clock
from sandbox.faults import Faults, install
from sandbox.hooks import Hooks
from sandbox.openai.chatting import CHAT_MODELS, chat
from sandbox.openai.embedding import DIMENSIONS, embed, spelled
from sandbox.openai.judging import judge
from sandbox.server import Server

API_KEY = "sk-sandbox-key"
MODERATION_MODELS = {
    "omni-moderation-latest": "omni-moderation-2024-09-26",
    "omni-moderation-2024-09-26": "omni-moderation-2024-09-26",
}
"""What one asks for, and what answers."""

ALL_MODELS = (*MODERATION_MODELS, *DIMENSIONS, *CHAT_MODELS)
MOST_INPUTS = 2048


def error(status: int, message: str = "", code: str | None = None) -> dict[str, object]:
    """The body of a refusal."""
    kinds = {401: "invalid_request_error", 429: "rate_limit_exceeded", 404: "invalid_request_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    message = message or f"The server answered {status}."
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


class Refusal(HTTPException):
    """Raised by a view: answer this status with the vendor's body."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = status
        self.body = error(status, message, code)


class OpenAI:
    """`always`: None judges by words; True flags everything, False nothing. `seen` is every text sent in.

    `says`: what the chat model says instead, whatever it is asked. `refuses`: the status with which texts
    are refused a vector, if they are.
    """

    def __init__(
        self, *, clock: Clock | None = None, seed: int = 0, api_key: str = API_KEY, port: int = 0
    ) -> None:
        self.clock = clock or Clock()
        self.api_key = api_key
        self.always: bool | None = None
        self.says: str | None = None
        self.refuses: Callable[[list[str]], int | None] = lambda texts: None
        self.shutdown_dates: dict[str, str] = {}
        self.seen: list[str] = []
        self._ids = itertools.count(seed)
        self.hooks = Hooks()
        self.faults = Faults(error)
        self.app = Flask("sandbox.openai")
        self.app.before_request(self._may_ask)
        self.app.register_error_handler(Refusal, lambda refusal: (refusal.body, refusal.code))
        self.app.add_url_rule("/v1/models", view_func=self._models)
        self.app.add_url_rule("/v1/models/<name>", view_func=self._model)
        self.app.add_url_rule("/v1/moderations", view_func=self._moderations, methods=["POST"])
        self.app.add_url_rule("/v1/embeddings", view_func=self._embeddings, methods=["POST"])
        self.app.add_url_rule("/v1/chat/completions", view_func=self._chat, methods=["POST"])
        install(self.faults, self.app)
        self.server = Server(self.app, port=port)

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> "OpenAI":
        self.server.start()
        return self

    def stop(self) -> None:
        self.hooks.close()
        self.server.stop()

    def _may_ask(self) -> None:
        if not request.path.startswith("/v1/"):
            return
        if request.headers.get("Authorization") != f"Bearer {self.api_key}":
            raise Refusal(401, "Incorrect API key provided.", "invalid_api_key")

    def _models(self) -> ResponseReturnValue:
        return {"object": "list", "data": [self._described(n) for n in ALL_MODELS]}

    def _model(self, name: str) -> ResponseReturnValue:
        if name not in ALL_MODELS:
            raise Refusal(404, f"The model '{name}' does not exist.", "model_not_found")
        return self._described(name)

    def _described(self, name: str) -> dict[str, object]:
        shutdown = self.shutdown_dates.get(name)
        described = {"id": name, "object": "model", "created": 1727389042, "owned_by": "system"}
        return described | {"shutdown_date": shutdown}

    def _moderations(self) -> ResponseReturnValue:
        body = _body()
        model = body.get("model", "omni-moderation-latest")
        if model not in MODERATION_MODELS:
            raise Refusal(404, f"The model '{model}' does not exist.", "model_not_found")
        texts = _texts(body)
        self.seen += texts
        return {
            "id": f"modr-{next(self._ids):06d}",
            "model": MODERATION_MODELS[model],
            "results": [judge(text, always=self.always) for text in texts],
        }

    def _chat(self) -> ResponseReturnValue:
        body = _body()
        model, messages = body.get("model"), body.get("messages")
        if model not in CHAT_MODELS:
            raise Refusal(404, f"The model '{model}' does not exist.", "model_not_found")
        if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
            raise Refusal(400, "'messages' must be a list of messages.")
        self.seen += [str(one.get("content")) for one in messages if one.get("role") == "user"]
        said = chat(messages) if self.says is None else self.says
        message = {"role": "assistant", "content": said, "refusal": None}
        tokens = sum(len(str(one.get("content"))) // 4 + 1 for one in messages)
        counts = {"prompt_tokens": tokens, "completion_tokens": len(said) // 4 + 1}
        return {
            "id": f"chatcmpl-{next(self._ids):06d}",
            "object": "chat.completion",
            "created": 1727389042,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {**counts, "total_tokens": sum(counts.values())},
        }

    def _embeddings(self) -> ResponseReturnValue:
        body = _body()
        model = body.get("model")
        if model not in DIMENSIONS:
            raise Refusal(404, f"The model '{model}' does not exist.", "model_not_found")
        texts = _texts(body)
        if not all(texts):
            raise Refusal(400, "'input' cannot be an empty string.")
        if refused := self.refuses(texts):
            raise Refusal(refused, "'input' has too many texts, or too long a one.")
        self.seen += texts
        dimensions = int(body.get("dimensions") or DIMENSIONS[model])
        encoding = str(body.get("encoding_format", "float"))
        vectors = [spelled(embed(text, dimensions), encoding) for text in texts]
        tokens = sum(len(text) // 4 + 1 for text in texts)
        return {
            "object": "list",
            "model": model,
            "data": [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }


def _body() -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, "We could not parse the JSON body of your request.")
    return body


def _texts(body: Mapping[str, Any]) -> list[str]:
    """The input as a list of texts; one text is a list of one."""
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise Refusal(400, "'input' must be a string or a list of strings.")
    if len(texts) > MOST_INPUTS:
        raise Refusal(400, f"'input' may hold at most {MOST_INPUTS} texts.")
    return texts
