"""`difffit fetch` and `difffit cache`: from the public archives, and what is kept of it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from difffit_core.cli.console import say
from difffit_core.cli.recipes import takes
from difffit_core.errors import UserError
from difffit_core.fetch.recipe import FetchRecipe

if TYPE_CHECKING:
    from difffit_core.fetch.accession import Accession
    from difffit_core.fetch.listing import Query
    from difffit_core.fetch.run import Fetched, FetchOptions
    from difffit_core.fetch.sources import Access


@takes(FetchRecipe)
def fetch(
    recipe: FetchRecipe,
    out: Path = typer.Option(Path(), help="Folder for the files."),
    listed: Path | None = typer.Option(
        None, "--list", help="A text file of accessions, one a line, or a table with them in its first column."
    ),
    proteome: str = typer.Option("", help="All models of an organism as AlphaFold DB's archive: UP000005640, a taxon number, or its name."),
    organism: str = typer.Option("", help="Models of the proteins of this organism (name or taxon number) that UniProt finds."),
    gene: list[str] = typer.Option([], help="… of these genes; may be given several times."),
    keyword: str = typer.Option("", help="… with this keyword of UniProt."),
    query: str = typer.Option("", help="… that match this, in UniProt's query language."),
    reviewed: bool = typer.Option(False, "--reviewed", help="… in Swiss-Prot alone."),
    count: bool = typer.Option(False, "--count", help="Say how many there are, and how large, and fetch nothing."),
    most: int = typer.Option(1000, "--max", min=1, max=10_000_000, help="Fetch this many of what a query or archive has, at most."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask before a query or an archive is fetched."),
) -> None:
    """Fetch maps, models and predictions from EMDB, the PDB and AlphaFold DB, or a library of predictions to screen.

    A map carries the resolution and the recommended contour level of its entry: commands use them where nothing else is asked for. What was
    broken off is gone on with by the same command. Nothing is sent but what was asked for.
    """
    from difffit_core.fetch.listing import Query, read_accessions
    from difffit_core.output.folders import check_folder

    asked = Query(organism, tuple(gene), keyword, query, reviewed)
    if reviewed and not asked:
        raise UserError("reviewed restricts a query, so give --organism, --gene, --keyword or --query, too")
    wanted = list(recipe.accessions())
    wanted += read_accessions(listed) if listed is not None else ()
    if not wanted and not asked and not proteome:
        raise UserError("give accessions, --list, --proteome or a query; difffit fetch --help tells more")
    access, options = recipe.access(), recipe.options()
    if not count:
        check_folder(out)
    if asked:
        wanted += _of_query(asked, access, count, most, yes)
    if proteome:
        _proteome(proteome, access, out, count, most, yes)
    if count:
        if wanted:
            say(f"{len(dict.fromkeys(wanted))} entries are named")
        return
    if wanted:
        _report(_entries(wanted, out, access, options))


def cache(
    clear: bool = typer.Option(False, "--clear", help="Remove all of it."),
    trim: float | None = typer.Option(None, min=0, max=1e9, help="Remove the longest unused until so many gigabytes are left."),
) -> None:
    """Say what is kept of what was fetched, where, and up to which limit (DIFFFIT_CACHE, DIFFFIT_CACHE_LIMIT in gigabytes)."""
    from difffit_core.fetch.cache import Cache

    kept = Cache() if trim is None else Cache(limit_gb=trim)
    if clear:
        kept.clear()
    gone = kept.trim() if trim is not None else ()
    files = kept.contents()
    for path, size in files:
        say(f"{size / 1e6:10.1f} MB  {path}")
    if gone:
        say(f"{len(gone)} files removed")
    limit = f"; the longest unused go beyond {kept.limit_gb:g} GB"
    say(f"{len(files)} files, {sum(size for _, size in files) / 1e6:.1f} MB in {kept.folder}{limit}")


def _of_query(asked: "Query", access: "Access", only_count: bool, most: int, yes: bool) -> "tuple[Accession, ...]":
    from difffit_core.api.progress import cancel_on_interrupt
    from difffit_core.fetch import listing
    from difffit_core.fetch.client import Client

    with cancel_on_interrupt() as cancel, Client(access, cancel) as client:
        number = listing.count(client, asked)
        say(f"{number} proteins with a model in AlphaFold DB match {asked.words()}")
        if only_count or number == 0:
            return ()
        if number > most:
            say(f"the first {most} of them are fetched (--max)")
        _ask(f"Fetch {min(number, most)} models?", yes)
        return listing.accessions(client, asked, most)


def _proteome(wanted: str, access: "Access", out: Path, only_count: bool, most: int, yes: bool) -> None:
    from difffit_core.api.progress import cancel_on_interrupt
    from difffit_core.cli.fetch_bar import FetchBar
    from difffit_core.fetch.cache import Cache
    from difffit_core.fetch.client import Client
    from difffit_core.fetch.proteome import fetch_archive, find_archive, unpack

    with cancel_on_interrupt() as cancel, Client(access, cancel) as client, FetchBar() as bar:
        archive = find_archive(client, wanted)
        say(f"{archive.name}: {archive.models} models of {archive.species}, {archive.size / 1e9:.2f} GB")
        if only_count:
            return
        _ask(f"Fetch {archive.size / 1e9:.2f} GB?", yes)
        cache = Cache()
        kept = fetch_archive(client, cache, archive, lambda have, total: bar.file(archive.name, have, total))
        found = unpack(client, kept.path, out, most)
        cache.trim(but=frozenset({kept.path}))
    say(f"{len(found)} models in {out}" + (f" of {archive.models}; --max takes more" if len(found) < archive.models else ""))
    say("the archive holds no predicted aligned errors; --list with accessions fetches them, too")


def _ask(question: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UserError(f"{question} Say so with --yes, or look with --count; there is nobody to ask here")
    typer.confirm(question, abort=True)


def _entries(wanted: "Sequence[Accession]", out: Path, access: "Access", options: "FetchOptions") -> "Fetched":
    from difffit_core.api.progress import cancel_on_interrupt
    from difffit_core.cli.fetch_bar import FetchBar
    from difffit_core.fetch.run import fetch_entries

    with cancel_on_interrupt() as cancel, FetchBar() as bar:
        return fetch_entries(wanted, out, access, options, bar.show, cancel)


def _report(found: "Fetched") -> None:
    for file in found.files:
        where = "" if file.fresh or file.kind == "map entry" else f", from the cache of {file.fetched[:10]}"
        say(f"{file.path}: {file.kind} of {file.accession}, {file.size / 1e6:.2f} MB{where}")
    for note in dict.fromkeys(found.notes):
        say(note)
    for _, sentence in found.failures:
        say(f"difffit: {' '.join(sentence.split())}", err=True)
    if found.failures:
        total = len({file.accession for file in found.files} | {name for name, _ in found.failures})
        say(f"difffit: {len(found.failures)} of {total} entries could not be fetched", err=True)
        raise typer.Exit(2 if len(found.failures) == total else 1)
