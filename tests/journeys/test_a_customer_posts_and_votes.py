"""The third road: the forum, from a post that is looked at first to a vote that counts on an issue."""

from sandbox.demo.operator import SLUG
from sandbox.demo.people import Browser
from tests.journeys.house import House


def test_a_decent_post_is_published_and_its_votes_count_where_it_is_placed(house: House) -> None:
    cara, dana, key = (
        house.customer("Cara", won="300"),
        house.customer("Dana", won="70"),
        house.issue("Pivot tables"),
    )
    cara.sign_in()
    post = cara.post("Pivot tables", "We count by hand.")
    house.quiet()
    house.operator.run("link", SLUG, "--post", f"forum:{post}", "--issue", key)
    dana.sign_in()
    dana.vote(post)
    house.quiet()
    found = house.demand_on(key)
    assert (found["requesters"], found["companies"], found["votes"]) == (2, 2, 2)
    assert found["customer"]["minor"] == 37_000


def test_a_nasty_post_is_held_for_a_person_who_publishes_it(house: House) -> None:
    cara = house.customer("Cara")
    cara.sign_in()
    post = cara.post("Do not call your users idiot", "The tooltip says idiot.")
    house.quiet()
    page = f"{house.forum}/posts/{post}"
    assert house.visible(page) is False
    house.operator_at("moderation").send(f"/moderation/{post}", verdict="publish")
    house.quiet()
    assert house.visible(page) is True


def test_when_it_is_ready_the_post_says_so_once_to_everybody(house: House) -> None:
    cara, key = house.customer("Cara"), house.issue("Charts in colour")
    cara.sign_in()
    post = cara.post("Charts in colour", "Grey on grey is hard to read.")
    house.quiet()
    house.operator.run(
        "link", SLUG, "--post", f"forum:{post}", "--issue", key, "--public-title", "Coloured charts"
    )
    house.quiet()
    house.engineer.done(key)
    house.quiet()
    page = Browser().get(f"{house.forum}/posts/{post}").text
    assert page.count("It is ready now:") == 1
    assert "Coloured charts" in page
    assert cara.who.name not in page.split('<div class="entry">')[1]
