"""What makes a sound bank a good one: sources, rebuttals, enough distractors, questions free of known flaws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from quizapp import limits
from quizapp.banks import alike, flaws
from quizapp.banks.bankfile import Head, pool_choices
from quizapp.banks.findings import Findings
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.base import ItemSpec
from quizapp.banks.items.options import KEYS_TRIED, LOOKED_AT
from quizapp.banks.notes.base import Shared
from quizapp.banks.notes.common import Note, enough, few_distractors, same
from quizapp.banks.problems import Level, Path, cut, quoted
from quizapp.banks.references import Placed
from quizapp.banks.units import quantity
from quizapp.richtext import to_inline_plain

_SEEDS = range(3)  # how often an item that the program puts together is tried
_FACTS_COMPARED, _NOTES_COMPARED = 20, 100
_STEPS_TO_COMPARE = 10  # a question with those before it
_LIKE_QUESTIONS = 0.5
_LONGEST_SHARE, _LONGEST_ITEMS = 0.4, 20


def check(findings: Findings, head: Head | None, notes: Sequence[Placed], refused: Set[Path]) -> None:
    """Report flaws of craft in `notes`, which are sound in themselves. Few of them block publishing.

    `refused` are the sections that must not be parsed. When `limits.CRAFT_EFFORT` is spent, no more items are judged.
    """
    pools = pool_choices(head) if head else {}
    shared = Shared({name: options for name, options in pools.items() if ("pools", name) not in refused})
    if head:
        _pools(findings, head, refused)
    longest = asked = spent = 0
    for number, (index, note) in enumerate(notes):
        base: Path = ("notes", index)
        if not note.is_cited() and not findings.is_told((*base, "cite")):
            findings.at_value((*base, "id"), "no source: add 'cite'", level="warning")
        for path, option in note.wrong_options():
            if not option.why.strip():
                message = f"{_cut(option.text)} has no 'why': say what is wrong with it"
                findings.at_value((*base, *path), message, level="warning")
        if not note.makes_items or spent > limits.CRAFT_EFFORT:
            continue
        for spec, effort in _judged(findings, base, note, shared):
            spent += effort
            findings.work.add(effort)
            if spent > limits.CRAFT_EFFORT:
                message = (
                    "too large to judge the craft of every note here: what is asked was judged in the first "
                    f"{number:,} notes, and the rest is for your own eyes, or split the bank"
                )
                findings.at_key(("notes",), message, level="warning")
                break
            if spec:
                asked += 1
                longest += _key_is_longest(spec)
    if asked >= _LONGEST_ITEMS and longest > _LONGEST_SHARE * asked:
        message = (
            f"the key is the longest option in {longest} of {asked} items, which guessers know: shorten some"
        )
        findings.at_key(("notes",), message, level="warning")
    _near_duplicates(findings, notes)
    _contradictions(findings, notes)


def _pools(findings: Findings, head: Head, refused: Set[Path]) -> None:
    for name, options in head.pools.items():
        if ("pools", name) in refused:
            continue
        for index, option in enumerate(options):
            if not option.why.strip():
                message = f"{_cut(option.text)} has no 'why': say what is wrong with it"
                findings.at_value(("pools", name, index), message, level="warning")


def _judged(
    findings: Findings, base: Path, note: Note, shared: Shared
) -> Iterator[tuple[ItemSpec | None, int]]:
    """Report the flaws of what `note` asks, and what cannot be asked.

    Yield what each question is about to cost, without it, and after that the question if it can be asked.
    """
    told: set[tuple[tuple[int, int], str]] = set()

    def warn(path: Path, message: str, *, level: Level = "warning") -> None:
        place = findings.document.place((*base, *path))
        if (place, message) not in told and not findings.is_told((*base, *path)):
            told.add((place, message))
            findings.at_value((*base, *path), message, level=level)

    for spec in note.asked(shared):
        yield None, _effort(spec)
        written = note.options_path(spec.key)
        if few_distractors(spec):
            instead = ", or write 'items: no'" if note.drilled else ""
            warn(written, f"fewer than two distractors: add some{instead}")
        if not enough(spec):
            continue
        if (spec.fill or len(spec.right) > 1) and not _can_be_drawn(spec):
            yield None, _effort_of_drawing(spec)
            warn(written, f"no quiz item can be made for '{spec.key}': its options rule each other out")
            continue
        if spec.wrong and note.words_are_own(spec.key):
            for path, flaw in _flaws(note, spec):
                warn(path, flaw.message, level=flaw.level)
        yield spec, 0


def _effort(spec: ItemSpec) -> int:
    """Return about how much judging `spec` costs, where it can be drawn, in steps."""
    written = (*spec.right, *spec.wrong)
    chars = len(spec.stem) + sum(len(choice.text) for choice in written)
    return 10 + 4 * len(written) + 2 * min(len(spec.fill), LOOKED_AT) + chars // 25


def _effort_of_drawing(spec: ItemSpec) -> int:
    """Return how much it cost to find that no seed draws `spec`: everything was tried with every key."""
    keys = min(len(spec.right), KEYS_TRIED)
    return 3 * len(_SEEDS) * keys * sum(min(len(choices), LOOKED_AT) for choices in (spec.wrong, spec.fill))


def _can_be_drawn(spec: ItemSpec) -> bool:
    return any(ITEM_TYPES[spec.type].can_be_drawn(spec, seed) for seed in _SEEDS)


def _flaws(note: Note, spec: ItemSpec) -> Iterator[tuple[Path, flaws.Flaw]]:
    """Yield the flaws of what stands in the note, each with the way to the option or the question it lies in."""
    keys = [choice.text for choice in spec.right]
    distractors = [choice.text for choice in spec.wrong]
    for flaw in flaws.of_item(spec.stem, keys, distractors, ordered=spec.ordered):
        if flaw.rule in note.flaws_of_type or (note.sampled and flaw.level == "error"):
            continue  # options that are drawn are never drawn where they make an error
        if flaw.rule == "duplicate_options" and _is_right(spec, flaw.option):
            continue  # the note itself has told that
        if flaw.rule == "longest_correct" and len(keys) == 1:
            yield note.key_path(spec.key), flaw
        elif flaw.option is None or flaw.option < len(keys):
            yield note.question_path(spec.key), flaw
        elif spec.ordered:
            yield (*note.options_path(spec.key), spec.ordered.index(flaw.option)), flaw
        else:
            yield (*note.options_path(spec.key), flaw.option - len(keys)), flaw


def _is_right(spec: ItemSpec, option: int | None) -> bool:
    """Return whether a distractor, by its place in right + wrong, equals a key."""
    written = [same(choice.text) for choice in (*spec.right, *spec.wrong)]
    return option is not None and written[option] in written[: len(spec.right)]


def _key_is_longest(spec: ItemSpec) -> bool:
    lengths = [len(choice.text) for choice in (*spec.wrong, *spec.fill)]
    return len(spec.right) == 1 and len(lengths) > 1 and len(spec.right[0].text) > max(lengths)


def _near_duplicates(findings: Findings, notes: Sequence[Placed]) -> None:
    placed = [(index, note) for index, note in notes if note.lead]
    findings.work.add(_STEPS_TO_COMPARE * len(placed))
    entries = findings.document.data.get("notes", [])
    texts = [to_inline_plain(str(entries[index].get(note.lead, ""))) for index, note in placed]
    for earlier, later in alike.pairs(texts):
        index, note = placed[later]
        other_index, other = placed[earlier]
        line = findings.document.place(("notes", other_index, other.lead))[0]
        message = (
            f"nearly the same question as in note '{other.id}', line {line}: keep one, or tell them apart"
        )
        findings.at_value(("notes", index, note.lead), message, level="warning")


def _contradictions(findings: Findings, notes: Sequence[Placed]) -> None:
    """Report a note whose answer to a cited fact is not that of an earlier note.

    Notes that ask different things of one fact are no contradiction, so only like questions are compared.
    """
    stated: dict[str, list[tuple[int, Note, str, frozenset[str]]]] = defaultdict(list)
    for index, note in notes:
        answer = note.stated()
        if not answer:
            continue
        asked = alike.words(to_inline_plain(str(findings.document.data["notes"][index].get(note.lead, ""))))
        compared: set[str] = set()
        for fact in dict.fromkeys(cite.fact for _, cite in note.citations() if cite.fact):
            for other_index, other, other_answer, other_asked in stated[fact][-_FACTS_COMPARED:]:
                if other.id in compared or len(compared) >= _NOTES_COMPARED:
                    continue
                compared.add(other.id)
                if alike.overlap(asked, other_asked) >= _LIKE_QUESTIONS and _differ(answer, other_answer):
                    line = findings.document.place(("notes", other_index))[0]
                    message = (
                        f"states {_cut(answer)} for fact {cut(fact)}; note '{other.id}' in line {line} states "
                        f"{_cut(other_answer)}: correct one, or cite different facts"
                    )
                    findings.at_value(("notes", index, "id"), message, level="warning")
                    break
            stated[fact].append((index, note, answer, asked))


def _differ(answer: str, other: str) -> bool:
    """Return whether two answers of one kind differ: quantities of one dimension, or words."""
    one, two = quantity(to_inline_plain(answer)), quantity(to_inline_plain(other))
    if one and two:
        return one.dimension == two.dimension and one != two
    return one is two and same(answer) != same(other)


def _cut(text: str) -> str:
    return quoted(to_inline_plain(text))
