"""Help of options that several commands have."""

MODEL_HELP = (
    "Of a file that holds several models, which to read: a number, several with commas between them, or all; if not given, the first of "
    "alternatives, and all parts of an assembly."
)
