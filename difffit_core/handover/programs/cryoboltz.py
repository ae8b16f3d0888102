"""CryoBoltz: the sequences under the model's chain names, and the command, as its guide asks."""

from collections.abc import Mapping

from difffit_core.handover.handed import MAP, MODEL, Handed

_WIDTH = 80


def files(handed: Handed) -> Mapping[str, str]:
    """A FASTA file and a shell script; nothing where no chain is a polymer."""
    records = []
    for one in handed.chains:
        if one.kind:
            letters = one.sequence
            records += [f">{one.name}|{one.kind}", *(letters[at : at + _WIDTH] for at in range(0, len(letters), _WIDTH))]
    if not records:
        return {}
    command = [
        "boltz predict cryoboltz.fasta --diffusion_samples 5 --use_msa_server",
        f"  --density_map {MAP} --aligned_model {MODEL} --res {handed.target.resolution:g} --thresh {handed.target.level:.6g}",
        "  --out_dir cryoboltz_results",
    ]
    script = [
        "#!/bin/sh",
        "# --use_msa_server sends the sequences to a server; leave it out and give your own alignments if they are secret",
    ]
    script += ['cd "$(dirname "$0")" || exit 1', " \\\n".join(command), ""]
    return {"cryoboltz.fasta": "\n".join([*records, ""]), "cryoboltz.sh": "\n".join(script)}
