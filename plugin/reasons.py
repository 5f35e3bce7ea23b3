"""Why a post waits, as its row keeps it; its author reads that in the language of the page."""

from lineage.wording.catalogue import later

WAITS = later("It was just written. Every post is looked at before others can read it.")
FOR_A_PERSON = later("A person looks at every post before others can read it.")
FLAGGED = later("An automatic check was not sure about it (%(categories)s). A person will look at it.")
