"""A moderation model of a few words: enough to tell a nasty post from a decent one, always the same way."""

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)

WORDS = {
    "idiot": ("harassment",),
    "stupid people": ("harassment",),
    "kill you": ("harassment/threatening", "violence"),
    "vermin": ("hate",),
    "build a bomb": ("illicit", "illicit/violent"),
    "hurt myself": ("self-harm", "self-harm/intent"),
    "blood everywhere": ("violence", "violence/graphic"),
    "explicit sex": ("sexual",),
}
"""What the model knows, and what it takes it for."""

FLAGGED_FROM = 0.5


def judge(text: str, *, always: bool | None) -> dict[str, object]:
    """One result as the API gives it. `always` overrules the words: flag everything, or nothing."""
    lower = text.lower()
    hits = {name for words, names in WORDS.items() if words in lower for name in names}
    if always is not None:
        hits = {"harassment"} if always else set()
    scores = {name: 0.97 if name in hits else 0.0001 + len(text) % 7 * 1e-5 for name in CATEGORIES}
    flags = {name: score >= FLAGGED_FROM for name, score in scores.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": scores,
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }
