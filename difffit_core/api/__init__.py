"""What a script or a notebook calls, gathered as `difffit_core`: thin, as the command line is; both build the same requests.

`reading` takes files or what was read from them, `fitting`, `composing`, `screening`, `judging`, `splitting` and `examining` hold one
function each and what it gives back, `table` what all of these show their rows in.
"""
