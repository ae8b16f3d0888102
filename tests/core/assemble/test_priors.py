"""Tables of cross-links, and what they say of placed models."""

from pathlib import Path

import numpy as np
import pytest

from difffit_core.assemble.priors import LENGTH, bound_links, check_links, read_links, unbound
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.cross_links import links_in_words, rewards, standings
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.errors import UserError
from difffit_core.io.models import read_model
from difffit_core.pose import Pose

TABLES = {
    "commas": "model1,residue1,model2,residue2,length\nheavy:A,10,light,20,25\nlight,5,light,60,\n",
    "tabs, others' words": "Protein1\tAbsPos1\tProtein2\tAbsPos2\tdistance\nheavy:A\t10\tlight\t20\t25\nlight\t5\tlight\t60\t\n",
    "semicolons, a remark": "# DSS\nModel 1;Residue 1;Model 2;Residue 2;Length\nheavy:A;10;light;20;25\nlight;5;light;60;\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_tables_as_people_have_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(text, encoding="utf-8")
    first, second = read_links(tmp_path / "links.csv")
    assert (str(first), first.longest) == ("heavy:A 10 – light 20", 25)
    assert (str(second), second.longest) == ("light 5 – light 60", LENGTH)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("model1,residue1,model2\n", "must have a column residue2"),
        ("model1,residue1,model2,residue2\n", "at least one line"),
        ("model1,residue1,model2,residue2\na,1,b\n", "line 2 must have 4 columns"),
        ("model1,residue1,model2,residue2\na,x,b,2\n", "must be a whole number, got 'x'"),
        ("model1,residue1,model2,residue2\n,1,b,2\n", "must be named"),
        ("model1,residue1,model2,residue2,length\na,1,b,2,-3\n", "must lie between 1 and 500 Å, got -3"),
        ("model1,residue1,model2,residue2,length\na,1,b,2,nan\n", "must lie between 1 and 500 Å, got nan"),
    ],
)
def test_a_bad_table_is_one_sentence(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_links(tmp_path / "links.csv")
    assert says in str(refused.value)
    assert str(tmp_path / "links.csv") in str(refused.value)


def test_links_bind_to_residues_and_tell_how_they_stand(repository: Path, tmp_path: Path) -> None:
    whole = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    heavy, light = (whole.select_chains([name]) for name in "AB")
    here = [heavy.coordinates[(heavy.residue_numbers == 10) & (heavy.atom_names == "CA")][0]]
    here.append(light.coordinates[(light.residue_numbers == 20) & (light.atom_names == "CA")][0])
    apart = float(np.linalg.norm(here[0] - here[1]))
    rows = [f"heavy,10,light,20,{apart + 1:.1f}", f"heavy:A,10,light,20,{apart - 1:.1f}", "heavy,9999,light,20,30"]
    (tmp_path / "links.csv").write_text("model1,residue1,model2,residue2,length\n" + "\n".join(rows), encoding="utf-8")
    links = read_links(tmp_path / "links.csv")
    check_links(links, ["heavy", "light"])
    with pytest.raises(UserError, match="got heavy"):
        check_links(links, ["other", "light"])
    bound = bound_links(links, [heavy, light], [("heavy.cif", ""), ("light.cif", "")])
    assert unbound(links, bound) == ["heavy 9999 – light 20"]
    stand = standings(bound, [(0, Pose.identity()), (1, Pose.identity())])
    assert [one.satisfied for one in stand] == [True, False]
    assert stand[0].distance == pytest.approx(apart)
    assert standings(bound, [(0, Pose.identity())])[0].satisfied is None
    assert links_in_words(stand) == "1 of 2 cross-links are satisfied"


def test_a_link_is_worth_more_the_less_chance_satisfies_it(repository: Path, tmp_path: Path) -> None:
    whole = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    parts = [whole.select_chains([name]) for name in "AB"]
    far = [Pose(np.eye(3), np.array([200.0 * k, 0, 0])) for k in range(10)]
    candidates = [Candidate(body, pose, 0.5, 5.0, 0.0, "made") for body in (0, 1) for pose in far]
    (tmp_path / "links.csv").write_text("model1,residue1,model2,residue2,length\na,10,b,20,80\n", encoding="utf-8")
    (worth,) = rewards(
        bound_links(read_links(tmp_path / "links.csv"), parts, [("a.cif", ""), ("b.cif", "")]), [Body(part) for part in parts], candidates
    )
    assert {tuple(pair) for pair in worth.pairs.tolist()} == {(k, 10 + k) for k in range(10)}
    assert worth.worth == pytest.approx(np.log(0.9 / 0.1))
