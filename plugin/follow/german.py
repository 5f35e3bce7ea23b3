"""The page in German."""

from lineage.terms import Standing, State
from plugin.follow.words import Words

GERMAN = Words(
    tag="de",
    to_the_content="Zum Inhalt",
    title="Was wurde aus meiner Anfrage?",
    asked_on="Sie haben uns am {} geschrieben:",
    voted_on="Sie haben am {} dafür gestimmt:",
    only_you="Nur Sie haben den Link zu dieser Seite bekommen. Wer ihn hat, kann die Seite lesen.",
    became="Was daraus wurde",
    standings={
        Standing.WAITING: "Wir haben es aufgenommen. Es ist noch nicht fertig.",
        Standing.STARTED: "Wir arbeiten daran.",
        Standing.PART_DELIVERED: "{d} von {n} Teilen sind fertig.",
        Standing.DELIVERED: "Es ist fertig.",
        Standing.DELIVERED_IN_PART: "{d} von {n} Teilen sind fertig. Der Rest wird nicht umgesetzt.",
        Standing.DECLINED: "Es wird nicht umgesetzt.",
    },
    one_out="1 von {n} Teilen ist fertig.",
    one_out_rest_declined="1 von {n} Teilen ist fertig. Der Rest wird nicht umgesetzt.",
    states={
        State.DELIVERED: "fertig",
        State.STARTED: "wir arbeiten daran",
        State.DECLINED: "wird nicht umgesetzt",
        State.OPEN: "noch nicht fertig",
    },
    nameless="Etwas, das noch keinen öffentlichen Namen hat",
    nameless_part="ein Teil, der noch keinen öffentlichen Namen hat",
    undecided="Ihre Anfrage liegt bei uns. Was daraus wird, ist noch nicht entschieden.",
    wrote="Was wir Ihnen geschrieben haben",
    wrote_nothing="Noch nichts.",
    places={
        "zendesk:ticket": "in Ihrem Ticket #{}",
        "zendesk:followup": "in einem Folgeticket zu Ihrem Ticket #{}",
        "forum:post": "im Forum",
    },
    elsewhere="dort, wo Sie gefragt haben",
    change="Passt das?",
    no_longer="Ich brauche das nicht mehr",
    no_longer_question="Brauchen Sie das nicht mehr?",
    no_longer_means="Dann zählt Ihre Anfrage nicht mehr, und wir schreiben Ihnen dazu nichts weiter. "
    "Sie können das auf Ihrer Seite jederzeit zurücknehmen.",
    withdrawn_on="Am {} haben Sie uns mitgeteilt, dass Sie das nicht mehr brauchen. "
    "Wir schreiben Ihnen dazu nichts weiter.",
    after_all="Ich brauche es doch",
    not_meant="Das habe ich nicht gemeint",
    not_meant_question="Was haben Sie gemeint?",
    not_meant_label="Wenn Sie mögen, in Ihren eigenen Worten",
    not_meant_goes_to="Das geht an die Menschen bei {}, die sich um Ihre Anfrage kümmern.",
    not_meant_on="Am {} haben Sie uns mitgeteilt, dass Sie das nicht gemeint haben. Jemand sieht es sich an.",
    send="Senden",
    back="Zurück",
    dead="Dieser Link führt nirgendwohin",
    dead_advice="Vielleicht ist er unvollständig, oder ein neuerer hat ihn ersetzt. "
    "Den neuesten finden Sie in unserer letzten Nachricht an Sie.",
    stale="Dieses Formular gilt nicht mehr",
    stale_advice="Gehen Sie zurück auf Ihre Seite und versuchen Sie es noch einmal.",
    too_often="Das war etwas zu oft",
    too_often_advice="Warten Sie ein wenig und versuchen Sie es dann noch einmal.",
)
