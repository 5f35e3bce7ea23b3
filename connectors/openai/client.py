"""One conversation with one server, by the openai library, set right.

By itself the library waits 600 s, repeats a call twice, follows redirects, takes its key's organisation
and project from the environment, and does not check an answer against its models. It takes half a second
and 40 MB to import, so it is imported by the first client and not at the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.openai.answers import garbled, told
from connectors.openai.prepare import prepare

MODEL = "omni-moderation-latest"
PER_CALL = 16
"""Posts per call. Sixteen long ones are more than the 10,000 tokens a minute of the smallest accounts: then
the server answers 429, and the job waits."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one post. It may only hold a post back; nothing else follows from it.

    `categories` are its scores, 0 to 1. `model` is the one that answered, not the alias asked for.
    `whole` is False where the post was too long to be read whole: then a person decides.
    """

    flagged: bool
    categories: dict[str, float]
    model: str
    whole: bool = True


class OpenAI:
    """For one workspace. `url` may end in /v1 or be the bare host. `timeout_s` is (connect, read), and an
    answer takes `slowest_s` at most, where that is less than ever.
    """

    def __init__(
        self,
        *,
        url: str,
        api_key: str,
        model: str = MODEL,
        timeout_s: tuple[float, float] = (3.0, 20.0),
        slowest_s: float | None = None,
    ) -> None:
        import httpx2
        import openai

        from connectors.openai.transport import Bounded

        self.model = model
        connect_s, read_s = timeout_s
        timeout = httpx2.Timeout(read_s, connect=connect_s)
        self._library = openai.OpenAI(
            api_key=api_key,
            base_url=_base(url),
            max_retries=0,
            timeout=timeout,
            # A transport of our own keeps proxies of the environment out.
            http_client=httpx2.Client(
                transport=Bounded(slowest_s=slowest_s), follow_redirects=False, timeout=timeout
            ),
        )
        self._library.organization = self._library.project = None

    def close(self) -> None:
        """Drop the connection."""
        self._library.close()

    def moderate(self, texts: Sequence[str]) -> list[Verdict]:
        """A verdict on each post, in order. Raises the errors of `connectors.errors`.

        Sent is what `prepare` leaves of a post. A post of which nothing is left is not asked about.
        """
        prepared = [prepare(text) for text in texts]
        asked = [n for n, one in enumerate(prepared) if one.text]
        verdicts = [Verdict(flagged=False, categories={}, model="", whole=True) for _ in prepared]
        for start in range(0, len(asked), PER_CALL):
            batch = asked[start : start + PER_CALL]
            with told():
                raw = self._library.moderations.with_raw_response.create(
                    input=[prepared[n].text for n in batch], model=self.model
                )
                answer = raw.http_response.json()
                results = answer["results"]
                if len(results) != len(batch):
                    raise garbled()
                for n, result in zip(batch, results, strict=True):
                    verdicts[n] = _verdict(result, model=str(answer["model"]), whole=prepared[n].whole)
        return verdicts

    def said(self, instructions: str, question: str) -> str:
        """What the model, a chat model, says to this: text that is to be JSON, and to be believed no further.

        Raises the errors of `connectors.errors`.
        """
        with told():
            raw = self._library.chat.completions.with_raw_response.create(
                model=self.model,
                messages=[
                    {"role": "system", "content": instructions},
                    {"role": "user", "content": question},
                ],
                response_format={"type": "json_object"},
                temperature=0,
            )
            found = raw.http_response.json()["choices"][0]["message"]["content"]
            if not isinstance(found, str):
                raise garbled()
            return found

    def embedded(self, texts: Sequence[str], numbers: int | None = None) -> list[Any]:
        """What the model, an embedding model, makes of these texts, as it came: see `embedding.vectors`.

        `numbers`: so many of each are asked for. Lists, for some servers refuse the library's base64.

        Raises the errors of `connectors.errors`.
        """
        short: dict[str, Any] = {"dimensions": numbers} if numbers else {}
        with told():
            raw = self._library.embeddings.with_raw_response.create(
                model=self.model, input=list(texts), encoding_format="float", **short
            )
            found = raw.http_response.json()["data"]
            if not isinstance(found, list):
                raise garbled()
            return found

    def shutdown_date(self) -> str | None:
        """The day on which the model ends (YYYY-MM-DD), where the server says one."""
        with told():
            model = self._library.models.retrieve(self.model)
            return str(model.shutdown_date) if getattr(model, "shutdown_date", None) else None


def _verdict(result: Any, *, model: str, whole: bool) -> Verdict:
    """Read from the plain JSON: the library's own models accept anything. Null scores are left out."""
    flagged, scores = result["flagged"], result["category_scores"]
    if not isinstance(flagged, bool):
        raise garbled()
    categories = {str(name): float(score) for name, score in scores.items() if score is not None}
    return Verdict(flagged, categories, model, whole)


def _base(url: str) -> str:
    plain = url.rstrip("/")
    return plain if urlsplit(plain).path else plain + "/v1"
