"""Where pages end, on nodes made by hand: every expected place is counted by hand."""

import pytest

from shirase.rendering.fast.breaking import pages_of
from shirase.rendering.fast.nodes import Block, Cell, Line, Table
from shirase.rendering.fast.placed import PlacedBlock, PlacedLine, PlacedTable
from shirase.rendering.fast.tables import GroupParts, RowParts, TableParts, compose
from shirase.rendering.refusal import RefusedError

BLACK = b"0 0 0 rg"


def block(*kids: object, **changes: object) -> Block:
    values: dict[str, object] = {
        "tag": "P", "lang": None, "kids": kids, "x": 0.0, "width": 100.0, "margin_top": 0.0, "border_top": 0.0,
        "padding_top": 0.0, "padding_bottom": 0.0, "border_bottom": 0.0, "margin_bottom": 0.0, "new_context": False,
        "wraps_table": False, "break_before": "auto", "break_after": "auto", "break_inside": "auto", "orphans": 2,
        "widows": 2, "decoration": None, "place": None, "bookmark": None, "link": None,
    }  # fmt: skip
    return Block(**{**values, **changes})  # type: ignore[arg-type]


def lines(count: int, height: float = 10.0, **changes: object) -> Block:
    return block(*(Line(height, ()) for _ in range(count)), **changes)


def pages(*kids: Block, height: float = 100.0, keeps_margins: bool = False) -> list[list[tuple[float, float]]]:
    """By page: top and height of each block below the root."""
    placed = pages_of(block(*kids), 0.0, height, keeps_margins=keeps_margins)
    return [[(kid.y, kid.height) for kid in page.kids if isinstance(kid, PlacedBlock)] for page in placed]


def shown(*kids: Block, height: float = 100.0) -> list[list[int]]:
    """By page: how many lines of each block."""
    placed = pages_of(block(*kids), 0.0, height, keeps_margins=False)
    return [
        [sum(isinstance(line, PlacedLine) for line in kid.kids) for kid in page.kids if isinstance(kid, PlacedBlock)]
        for page in placed
    ]


def test_margins_collapse() -> None:
    """Of two margins that meet the larger stands between."""
    one, two = lines(1, margin_bottom=5.0), lines(1, margin_top=8.0)
    assert pages(one, two) == [[(0.0, 10.0), (18.0, 10.0)]]


def test_a_margin_at_the_top_of_a_page_stays_only_on_named_pages() -> None:
    """After a break that nobody asked for it is left out, except where the page has a name."""
    one, two = lines(9), lines(2, margin_top=8.0)
    assert pages(one, two)[1] == [(0.0, 20.0)]
    assert pages(one, two, keeps_margins=True)[1] == [(8.0, 20.0)]


def test_orphans_and_widows() -> None:
    """Ten lines fit. Of four that begin at the ninth two stay; of three none, since one would be alone below."""
    assert shown(lines(8), lines(4)) == [[8, 2], [2]]
    assert shown(lines(8), lines(3)) == [[8], [3]]
    assert shown(lines(9), lines(4)) == [[9], [4]]
    assert shown(lines(7), lines(4)) == [[7, 2], [2]]


def test_a_heading_stays_with_what_follows() -> None:
    """The heading would be the last line of the page, so it goes on to the next."""
    heading = lines(1, break_after="avoid")
    assert shown(lines(8), heading, lines(3)) == [[8], [1, 3]]


def test_a_block_that_must_not_be_broken_moves_whole() -> None:
    """Three lines more than fit."""
    assert shown(lines(6), lines(7, break_inside="avoid")) == [[6], [7]]


def test_padding_at_the_foot_counts() -> None:
    """The lines would fit, the padding below them does not."""
    assert shown(lines(5), lines(5, padding_bottom=1.0, break_inside="avoid")) == [[5], [5]]


def test_a_line_higher_than_a_page_is_refused() -> None:
    """It would have to be cut."""
    with pytest.raises(RefusedError, match="higher than a page"):
        pages(lines(1, height=101.0))


# --- tables ------------------------------------------------------------------------------------------------------


def cell(height: float, **changes: object) -> Cell:
    values: dict[str, object] = {
        "tag": "TD", "lang": None, "scope": None, "colspan": 1, "x": 0.0, "width": 50.0, "padding_top": 1.0,
        "padding_bottom": 2.0, "height": height, "kids": (), "at_bottom": False, "background": None,
        "border_top": (0.0, b""), "border_bottom": (1.0, BLACK),
    }  # fmt: skip
    return Cell(**{**values, **changes})  # type: ignore[arg-type]


def table(*heights: float, head: float | None = None) -> Table:
    groups = [GroupParts("TBody", "body", tuple(RowParts((cell(height),), True, None) for height in heights), None)]
    if head is not None:
        groups.insert(
            0, GroupParts("THead", "head", (RowParts((cell(head, border_bottom=(3.0, BLACK)),), True, None),), None)
        )
    return compose(TableParts(tuple(groups), 0.0, 50.0, ((0.0, 50.0),), None, (0.0, b""), (0.0, b""), "auto", None))


def test_rows_are_as_high_as_content_padding_and_half_of_each_line() -> None:
    """Head: 10 + 3 + 0 above + 1.5 below; first row: 10 + 3 + 1.5 + 0.5; second: 10 + 3 + 0.5 + 0.5."""
    made = table(10.0, 10.0, head=10.0)
    assert made.head is not None
    assert [row.height for row in made.head.rows] == [14.5]
    assert [row.height for row in made.bodies[0].rows] == [15.0, 14.0]
    assert made.border_bottom == 0.5
    assert made.head.rows[0].line_below == ((3.0, BLACK),)


def test_content_at_the_bottom_stands_above_padding_and_line() -> None:
    """Two cells, 10 and 30 high: the lower one's content begins 20 further down."""
    row = RowParts((cell(10.0, at_bottom=True), cell(30.0, x=50.0)), True, None)
    parts = TableParts(
        (GroupParts("TBody", "body", (row,), None),), 0.0, 100.0, ((0.0, 50.0), (50.0, 50.0)), None, (0.0, b""),
        (0.0, b""), "auto", None,
    )  # fmt: skip
    made = compose(parts).bodies[0].rows[0]
    assert made.height == 33.5
    assert made.tops == (21.0, 1.0)


def test_the_head_is_repeated_and_rows_go_on() -> None:
    """Head 14.5, rows 15 and then 14: five rows end at 85.5, six at 99.5; with 90 high pages five stand on the first."""
    wrapper = block(table(*[10.0] * 8, head=10.0), wraps_table=True, tag="Table")
    placed = list(pages_of(block(wrapper), 0.0, 90.0, keeps_margins=False))
    tables = [kid for page in placed for part in page.kids if isinstance(part, PlacedBlock) for kid in part.kids]
    counts = [[len(group.rows) for group in kid.groups] for kid in tables if isinstance(kid, PlacedTable)]
    assert counts == [[1, 5], [1, 3]]


def test_a_row_higher_than_a_page_is_refused() -> None:
    """Half a row on each page is for the reference to draw."""
    wrapper = block(table(200.0, head=10.0), wraps_table=True, tag="Table")
    with pytest.raises(RefusedError, match="row higher than a page"):
        list(pages_of(block(wrapper), 0.0, 90.0, keeps_margins=False))
