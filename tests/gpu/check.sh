#!/usr/bin/env bash
# All that is worth doing on a machine with a GPU, in ten minutes: tests, fits, a screen, how near the climb comes to the card, frames.
#
#     tests/gpu/check.sh [--device cuda|cpu] [--quick] [--seconds N] [OUT]
#
# Writes OUT/gpu.md (OUT is gpu-check if not given), ready for tests/bench/RESULTS.md, and beside it what each step printed; ends with 1 if
# a step failed. --device cpu goes the same way without a GPU, and --quick with tiny sizes.
#
# PYTHON (python3 if not set) is used as it is where it has all that requirements.txt asks for. Else an environment is made in
# OUT/environment: upon that Python where its torch sees the GPU, so that only what is lacking is installed, else with everything. Packages
# come from the folder WHEELS (wheels in the root of the repository if not set) where it is there, else from the index. For a machine
# without a network, fill it on one of the same kind and Python: pip download -d wheels -c constraints.txt -r tests/gpu/requirements.txt
set -euo pipefail

say() { printf 'check.sh: %s\n' "$1" >&2; }
stop() {
    say "$1"
    exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
wheels=${WHEELS:-$root/wheels}
device=cuda
quick=
seconds=600
out=
said="tests/gpu/check.sh $*"
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes ;;
        --device | --seconds)
            [ $# -gt 1 ] || stop "$1 needs a value"
            if [ "$1" = --device ]; then device=$2; else seconds=$2; fi
            shift
            ;;
        -*) stop "options are --device, --quick and --seconds, got $1" ;;
        *)
            [ -z "$out" ] || stop "one folder for the results is taken, got $out and $1"
            out=$1
            ;;
    esac
    shift
done
case $device in cuda | cpu) ;; *) stop "--device must be cuda or cpu, got $device" ;; esac
case $seconds in '' | *[!0-9]*) stop "--seconds must be a whole number of seconds, got $seconds" ;; esac
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || stop "PYTHON must be Python 3.11 or newer, got $python"

out=${out:-gpu-check}
mkdir -p "$out" || stop "$out cannot be made"
out=$(cd "$out" && pwd)

# This checkout, by the names that it is installed under, whatever else is installed.
sources=$out/sources
mkdir -p "$sources"
ln -sfn "$root/difffit_core" "$sources/difffit_core"
ln -sfn "$root/app" "$sources/difffit_app"
ln -sfn "$root/resources" "$sources/difffit_resources"

install() {
    local from=()
    if [ -d "$wheels" ]; then from=(--no-index --find-links "$wheels"); fi
    "${pip[@]}" install --disable-pip-version-check --no-input --quiet --retries 1 "${from[@]+"${from[@]}"}" "$@"
}

lacking=$("$python" "$here/lacking.py" --device "$device")
if [ -n "$lacking" ]; then
    environment=$out/environment
    say "$python lacks ${lacking//$'\n'/, }: making $environment"
    pip=("$environment/bin/python" -m pip)
    if ! "$python" -m venv --clear "$environment" >/dev/null 2>&1; then # as Debian's without python3-venv, which has no pip to give
        "$python" -m venv --clear --without-pip "$environment" || stop "$python cannot make an environment"
        pip=("$python" -m pip --python "$environment/bin/python")
    fi
    if grep -q '^torch==' <<<"$lacking"; then
        install --constraint "$root/constraints.txt" --requirement "$here/requirements.txt" ||
            stop "not all of requirements.txt could be installed from $([ -d "$wheels" ] && echo "$wheels" || echo "the index; there is no folder $wheels")"
    else
        # pip and Python find what is there already; what is installed here goes before it.
        "$python" -c 'import sys, sysconfig
own = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
print(*(path for path in sys.path if path.startswith("/") and path not in own and not path.endswith(("lib-dynload", ".zip"))), sep="\n")' \
            >"$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/upon.pth"
        while read -r one; do
            install "$one" || say "$one cannot be installed; what needs it will say so"
        done <<<"$lacking"
    fi
    python=$environment/bin/python
fi

export PYTHONPATH="$sources:$root/tests/bench:$here${PYTHONPATH:+:$PYTHONPATH}"
unset PYTHONDONTWRITEBYTECODE # each step would compile everything anew
left=$((seconds - SECONDS))
exec "$python" "$here/check.py" --device "$device" ${quick:+--quick} --seconds "$left" --command "$said" "$out"
