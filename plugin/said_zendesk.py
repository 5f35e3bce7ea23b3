"""The sentences of setting Zendesk up that `said.py` knows besides, as the connector writes them."""

from lineage.wording.catalogue import later

SENTENCES = (
    # connectors/zendesk/check.py, self_test.py
    later("reads every change"),
    later("make the owner of the OAuth client an admin: exports need one"),
    later("can be read"),
    later("reading and writing are granted"),
    later("its mark stands in the ticket’s audit"),
    later(
        "The mark of the reply does not come back in the ticket’s audit. Pause the workspace, and tell us: "
        "without it a reply whose outcome is unknown could be written twice."
    ),
    # plugin/zendesk/trying.py
    later(
        "posted, not e-mailed: your address is that of the connected account, and Zendesk mails nobody "
        "their own words. Try it signed in here with another address."
    ),
    later(
        "posted, not e-mailed: no trigger of the account mailed the requester. Admin Centre, Objects and "
        "rules, Triggers: let “Notify requester of comment update” run for comments by this account too."
    ),
    # plugin/zendesk/setting_up.py, connectors/zendesk/hooks.py
    later("Zendesk called, and its signature fits."),
    later(
        "Zendesk called, and the call did not bear this webhook’s signature. The self-test tells whether "
        "real events do."
    ),
    later("Zendesk was answered, but not by this server: see to which the public address leads."),
    later("Zendesk tried to call us, and it got no answer: see that the public address leads here."),
    later("Zendesk does not show the webhook as it was made. Try again in a minute."),
    later("Zendesk does not tell the webhook's signing secret. Try again in a minute."),
    later("Zendesk did not show the app’s public key. Paste it below instead."),
    later(
        "No app that is installed in Zendesk has the address of this sidebar. Upload the zip, give it "
        "this address, and find it again."
    ),
    later(
        "Several apps in Zendesk have the address of this sidebar. Remove all but one, or give number and "
        "key below."
    ),
    # connectors/zendesk/installed_app.py
    later("That is a private key. Paste the public key of the app, and never give this one away."),
    later(
        "Paste the app's public key whole, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----; "
        "two of them while one replaces the other."
    ),
    later("That is no public key that can be read. Copy it once more, whole."),
    later("Zendesk signs with RSA keys of 2,048 bits and more; this is another kind of key."),
    later("Zendesk does not say as whom these credentials act: check the OAuth client's owner."),
)

PATTERNS = (
    later("acts as %(name)s (%(role)s)"),
    later("ticket %(number)s is made"),
    later("the answer stands on ticket %(number)s"),
    later("a trigger of the account mailed it to %(email)s"),
    later("ticket %(number)s is solved, with the tag %(tag)s"),
    later("Solve ticket %(number)s yourself, it bears the tag %(tag)s. %(why)s"),
    later(
        "Zendesk does not grant %(keys)s to this OAuth client. Make one of the kind confidential, signed in "
        "as an administrator, and connect with that."
    ),
    later(
        "Zendesk tried to call us, and it was answered %(status)s: see that the public address leads here."
    ),
)
