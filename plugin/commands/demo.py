"""The whole thing to look at. The only place in the product that knows the sandbox."""

import sys

import click


@click.command()
@click.option("--once", is_flag=True, help="Play the story, check every step, and end.")
@click.option("--port", type=click.IntRange(1, 65531), default=8080, show_default=True,
              help="Kithspark's; the sandbox vendors take the next four.")  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Other names, keys and amounts."
)
def demo(once: bool, port: int, seed: int) -> None:
    """Play the story of a request on sandbox vendors, then keep serving: no account or key is needed."""
    from sandbox.demo import main

    sys.exit(main(once=once, port=port, seed=seed))
