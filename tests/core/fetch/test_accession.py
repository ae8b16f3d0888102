"""Accessions as people write them."""

import pytest

from difffit_core.errors import UserError
from difffit_core.fetch.accession import Accession, Archive, is_accession, parse_accession

EMD = Accession(Archive.EMDB, "EMD-21897")
ENTRY = Accession(Archive.PDB, "6WTI")
ASSEMBLY = Accession(Archive.PDB, "6WTI", 1)
PROTEIN = Accession(Archive.ALPHAFOLD, "P12345")
FRAGMENT = Accession(Archive.ALPHAFOLD, "P12345", 1)
SPELLINGS = {
    EMD: "EMD-21897 emd-21897 emd_21897 EMD21897 EMD:21897 EMDB-21897 EMDB:EMD-21897 emd_21897.map.gz emd_21897_half_map_1.map.gz "
    "https://www.ebi.ac.uk/emdb/EMD-21897?tab=overview https://files.wwpdb.org/pub/emdb/structures/EMD-21897/map/emd_21897.map.gz",
    ENTRY: "6WTI 6wti PDB:6wti pdb6wti.ent.gz 6wti.cif 6wti.pdb https://www.rcsb.org/structure/6WTI https://www.ebi.ac.uk/pdbe/entry/6wti/",
    ASSEMBLY: "6WTI-assembly1 6wti-assembly1.cif.gz 6wti-1 6WTI:1 6wti/1 6wti_bio1",
    Accession(Archive.PDB, "pdb_00006wti"): "pdb_00006wti PDB_00006WTI PDB:pdb_00006wti",
    PROTEIN: "P12345 p12345 UniProt:P12345 UniProtKB:P12345 https://www.uniprot.org/uniprotkb/P12345",
    FRAGMENT: "AF-P12345-F1 af-p12345-f1 AF-P12345-F1-model_v4 AF-P12345-F1-model_v4.cif.gz AF_AFP12345F1",
    Accession(Archive.ALPHAFOLD, "A0A024R1R8"): "A0A024R1R8",
    Accession(Archive.ALPHAFOLD, "P12345-2"): "P12345-2",
}


@pytest.mark.parametrize(("text", "meant"), [(text, meant) for meant, texts in SPELLINGS.items() for text in texts.split()])
def test_every_usual_spelling(text: str, meant: Accession) -> None:
    assert parse_accession(f" {text} ") == meant
    assert is_accession(text)


@pytest.mark.parametrize("meant", list(SPELLINGS), ids=str)
def test_its_own_spelling_is_one(meant: Accession) -> None:
    again = parse_accession(str(meant))
    assert (again.archive, again.name) == (meant.archive, meant.name)


@pytest.mark.parametrize("text", ["", "21897", "1234", "map.mrc", "6WT", "EMD-", "EMD-12", "ABCDEF", "6WTI-assemblyX", "../6wti", "a b"])
def test_what_is_none(text: str) -> None:
    assert not is_accession(text)
    with pytest.raises(UserError, match=r"must be like EMD-21897, 6WTI"):
        parse_accession(text)


def test_a_bare_number_is_asked_about() -> None:
    with pytest.raises(UserError, match="say EMD-21897"):
        parse_accession("21897")
