"""Which terms a text uses."""

from shirase.domain.bilingual import Language, Paired
from shirase.domain.glossary import Term, joined, terms_in
from shirase.text.glossary import general_terms


def term(key: str, ja: str, en: str, reading: str, **forms: tuple[str, ...]) -> Term:
    return Term(id=key, ja=ja, en=en, reading=reading, definition=Paired(ja="意味", en="meaning"), **forms)


TICKET = term("ticket", "チケット", "ticket", "ちけっと")
SUPPORT_TICKET = term("support-ticket", "サポートチケット", "support ticket", "さぽーとちけっと")
UTC = term("utc", "協定世界時", "Coordinated Universal Time", "きょうてい", forms_ja=("UTC",))
API = term("api", "API", "API", "えーぴーあい")
ALL = (TICKET, SUPPORT_TICKET, UTC, API)


def ids(text: str) -> list[str]:
    return [found.id for found in terms_in(text, ALL)]


def test_only_the_longest_form_counts() -> None:
    """A support ticket is not a ticket, in either language; beside one, a ticket of its own is."""
    assert ids("サポートチケットの記録") == ["support-ticket"]
    assert ids("Two support tickets.") == ["support-ticket"]
    assert ids("サポートチケットと、別のチケット") == ["support-ticket", "ticket"]


def test_latin_forms_are_whole_words() -> None:
    """Capitals do not matter, a plural s is allowed, a part of a word is not the word."""
    assert ids("The apis. TICKET!") == ["api", "ticket"]
    assert ids("capital, rapid, ticketing, UTCx") == []


def test_other_forms_count_and_the_order_is_that_of_readings() -> None:
    """UTC stands for its full name; え comes before き, き before さ."""
    assert ids("サポートチケット 23:18 (UTC) API") == ["api", "utc", "support-ticket"]


def test_nothing_known_is_nothing_found() -> None:
    """Without terms there is nothing to explain."""
    assert terms_in("チケット", ()) == ()


def test_a_term_of_the_case_takes_the_place_of_a_general_one() -> None:
    """The key decides, not the words."""
    own = term("utc", "世界標準の時刻", "world time", "せかい")
    assert joined(ALL, (own,)) == (TICKET, SUPPORT_TICKET, own, API)


def test_the_general_glossary_explains_in_both_languages() -> None:
    """Twenty terms and more, each found by its own name, each with a sentence that ends as one."""
    terms = general_terms()
    assert len(terms) > 20
    for entry in terms:
        assert entry in terms_in(entry.ja, terms)
        assert entry in terms_in(entry.en, terms)
        assert entry.definition.of(Language.JA).endswith("。")
        assert entry.definition.of(Language.EN).endswith(".")


def test_english_readers_find_terms_by_letter() -> None:
    """In a report that begins in English "data breach" stands before "ticket"; by its reading it comes last."""
    breach = term("breach", "漏えい等", "data breach", "ろうえいとう")
    text, known = "漏えい等、チケット、API", (*ALL, breach)
    assert [found.id for found in terms_in(text, known)] == ["api", "ticket", "breach"]
    assert [found.id for found in terms_in(text, known, Language.EN)] == ["api", "breach", "ticket"]
