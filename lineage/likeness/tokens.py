"""The telling words of a text, in any language. Pure.

Latin words are folded and cut to a stem; Japanese, which has no spaces, becomes pairs of characters.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

COMMON_WORDS = """
    a about again all also am an and any anyone are as at be because been being but by can cannot
    could day days did do does doing don dont each else even every for from get gets getting give go
    going good got great had has have hello help here hi him his how however i if in into is isn it
    its ive just kind know let like ll love made make makes many may me might more most much must my
    need needs never next nice no nobody not now of off ok on once one only or other our ours out
    over own people please pls possible re really right s same say see she should since so some
    somebody somehow someone something still such t take tell than thank thanks that the their them
    then there these they thing things think this those to today too two up us use used using ve
    very want wanted was way we week well were what when where whether which while who why will wish
    with without would year years yes yet you your yours aber alle allem allen als also am an auch
    auf aus bei beim bin bis bitte da damit danke dann das dass dem den der des die dies diese
    diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es etwas euch
    fur gar geht gerne gibt guten hab haben hallo hat hatten ich ihnen ihr ihre ihren im immer in
    ins ist ja jede jeden jeder jetzt kann keine keinen konnen man mehr mein meine mich mir mit
    mochte mochten mussen nach nicht nie noch nur oder ob ohne schon sehr sein seine seit sich sie
    sind so soll sollte tag uber um und uns unser unsere unseren unter viel vom von vor war waren
    warum was wenn wer werden wie wir wird wo wurde wurden zu zum zur a ai au aux avec avoir avons
    bonjour c ce ces cela cet cette chez comme comment d dans de des du elle elles en est et etre eu
    fait faut il ils j je l la le les leur leurs lui m ma mais meme mes merci moi mon n ne nos notre
    nous on ont ou par pas peut plus pour pourquoi qu que quel quelle qui s sa sans se serait ses si
    son sont sur t te toujours tous tout toute tres un une vos votre vous y al algo ante aqui como
    con cual cuando de del desde donde dos el ella ellos en era es esta estan este esto ha hace
    hacer hay hola la las lo los mas me mi mis muy nada ni nos nosotros nuestra nuestro o otra otro
    para pero poder por porque pueda puede pueden que queremos quiero quisiera se sea ser si sin
    sobre solo son su sus tambien tan tener tengo tiene todo todos un una uno unos y ya ao aos as
    ate com como da das de dela dele do dos e ela ele em essa esse esta este eu foi gostaria ha isso
    isto ja la mais mas me mesmo meu minha muito na nao nas no nos nossa nosso num numa o os ou para
    pela pelo por precisamos preciso quando que quem queremos quero se sem ser seria seu so sua
    tambem tem tenho ter um uma voces
"""
COMMON = frozenset(COMMON_WORDS.split())
"""Words that say nothing of what is meant, folded."""

ENDINGS_TEXT = """
    isierungen isierung ierungen ierung isieren ieren aciones izations ization ations ation acion
    acoes acao ements ement ments ment ungen ung antes ante ables able ible ities ity ness ingly ing
    eurs eur ores or ies ied edly ed ers er ern en em es ar ir ado ada ido ida ees ee e s n
"""
ENDINGS = tuple(ENDINGS_TEXT.split())
SHORTEST_STEM = 4
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々ー]+")
WORD = re.compile(rf"{JAPANESE.pattern}|(?:(?![\u3040-\u30ff\u3400-\u9fff])[^\W_])+(?:['’][^\W_]+)?")
HIRAGANA = re.compile(r"[\u3040-\u309f]+")
LONGEST_TEXT = 6_000
"""So many characters of a text are looked at; what comes later is quoted mail and signatures."""


class Token(NamedTuple):
    """`said` is as it was written, `folded` without case and accents, `stem` what is compared."""

    said: str
    folded: str
    stem: str


def tokens(text: str) -> list[Token]:
    """Every word of a text in its order, common ones too.

    >>> [one.stem for one in tokens("Exporting reports (exportieren, Exportación)")]
    ['export', 'report', 'export', 'export']
    >>> [one.stem for one in tokens("レポートをPDFで出力")]
    ['レポ', 'ポー', 'ート', 'pdf', '出力']
    """
    found: list[Token] = []
    for match in WORD.finditer(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])):
        said = match[0]
        if JAPANESE.search(said):
            found += _pairs(said)
        else:
            plain = folded(said).partition("'")[0]
            found.append(Token(said, plain, stem(plain)))
    return found


def telling(text: str) -> list[Token]:
    """The words of a text without the common ones."""
    return [one for one in tokens(text) if one.folded not in COMMON and len(one.folded) > 1]


def folded(text: str) -> str:
    """Without case and accents.

    >>> folded("Größe, contraseña")
    'grosse, contrasena'
    """
    apart = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(c for c in apart if not unicodedata.combining(c) or c in "\u3099\u309a")


@cache
def stem(word: str) -> str:
    """A folded word without its ending.

    >>> stem("invoices"), stem("rechnungen"), stem("bus")
    ('invoic', 'rechn', 'bus')
    """
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _pairs(said: str) -> list[Token]:
    """Neighbouring characters of each run; what is only hiragana is grammar."""
    found = []
    for run in JAPANESE.findall(said):
        for begin in range(len(run) - 1 or 1):
            pair = run[begin : begin + 2]
            if not HIRAGANA.search(pair):
                found.append(Token(pair, pair, pair))
    return found


def lines_of(name: str) -> list[str]:
    """The lines of a text file beside this one that say something."""
    text = resources.files("lineage.likeness").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
