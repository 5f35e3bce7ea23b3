"""The ways in which Jira says that it was asked too often."""

from datetime import UTC, datetime, timedelta

from sandbox.faults import Fault

REASONS = (
    "jira-quota-global-based",
    "jira-quota-tenant-based",
    "jira-burst-based",
    "jira-per-issue-on-write",
    "jira-cost-based",
)


def headers(reason: str, *, wait_s: int) -> dict[str, str]:
    """`jira-cost-based` comes from the gateway: without Retry-After, only with the time of the reset."""
    if reason not in REASONS:
        raise ValueError(f"No limit is called {reason!r}. There are: {', '.join(REASONS)}.")
    reset = (datetime.now(UTC) + timedelta(seconds=wait_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = {"RateLimit-Reason": reason, "X-RateLimit-Reset": reset, "X-RateLimit-Remaining": "0"}
    return shown if reason == "jira-cost-based" else {**shown, "Retry-After": str(wait_s)}


def too_many(reason: str = "jira-burst-based", *, wait_s: int = 2, times: int = 1, path: str = ".*") -> Fault:
    """A fault that answers 429 for this reason."""
    return Fault("status", path=path, times=times, status=429, headers=headers(reason, wait_s=wait_s))
