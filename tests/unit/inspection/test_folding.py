"""Names are compared without what changes from one place to another: width, case, breaks, legal form."""

import pytest

from shirase.inspection.folding import fold, without_legal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ商事", "abc商事"),
        ("髙﨑銀行", "高崎銀行"),
        ("Northwind-Traders", "north\nwind traders"),
        ("ﾋﾔｼﾝｽ物産", "ヒヤシンス物産"),
        ("渡\u00ad邊\ufffe商店", "渡邉商店"),
        ("㈱見本", "(株)見本"),
    ],
)
def test_forms_of_one_name_are_one(one: str, other: str) -> None:
    """Width, case, hyphens, line breaks, invisible marks and variants of a character make no other name."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("株式会社ヒヤシンス物産", "ヒヤシンス物産"),
        ("㈱見本", "見本"),
        ("Hyacinth Trading Co., Ltd.", "Hyacinth Trading"),
        ("Hyacinth Trading Co.,Ltd", "Hyacinth Trading"),
        ("Blume GmbH & Co. KG", "Blume"),
        ("Flores S.A. de C.V.", "Flores"),
        ("Abyss Inc.", "Abyss"),
        ("Cabinet AB", "Cabinet"),
        ("Incentive", "Incentive"),
    ],
)
def test_a_legal_form_is_taken_off(name: str, bare: str) -> None:
    """Whole words only: Abyss does not begin with AB, nor Incentive with Inc."""
    assert without_legal_form(name) == bare
