"""The command line as a recording holds it: what looks like a secret is not written.

The rules are those of `runtime/recorder/mask-secrets.ts`.
"""
_MASK = "***"
_NAME = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key"
    r"|credential|auth(?:orization)?|bearer|session[-_]?id|cookie)s?$"
)
_TOKEN = (
    r"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{16,}"
    r"|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)
_URL_USER = r"([a-zA-Z][a-zA-Z\d+.-]*://[^\s/:@]*):[^\s/@]+@"
_QUERY = r"([?&;]([^\s=&;?]+)=)[^\s&;#]+"
_ARGUMENT = r"^(-{0,2}[\w.-]+?)(=|$)([\s\S]*)$"


def mask_secrets(arguments):
    """@returns the arguments, each with its secrets replaced by `***`"""
    if len(arguments) <= 2 and all(_is_plain(argument) for argument in arguments):
        return list(arguments)
    # Most programs have no arguments, and need not load it.
    import re

    is_value_next = False
    masked = []
    for argument in arguments:
        if is_value_next and not argument.startswith("-"):
            is_value_next = False
            masked.append(_MASK)
            continue
        match = re.match(_ARGUMENT, argument)
        name, separator, value = match.groups() if match else ("", "", "")
        is_secret = bool(name) and re.search(_NAME, name, re.I) is not None
        is_value_next = is_secret and separator == "" and argument.startswith("-")
        if is_secret and separator == "=" and value:
            masked.append("%s=%s" % (name, _MASK))
            continue
        masked.append(_mask_text(re, argument))
    return masked


def _is_plain(argument):
    return argument.replace("/", "").replace(".", "").replace("_", "").replace("-", "").isalnum() and (
        len(argument) < 16 or "/" in argument
    )


def _mask_text(re, argument):
    argument = re.sub(_URL_USER, r"\1:%s@" % _MASK, argument)

    def query(match):
        is_secret = re.search(_NAME, match.group(2), re.I) is not None
        return match.group(1) + _MASK if is_secret else match.group(0)

    return re.sub(_TOKEN, _MASK, re.sub(_QUERY, query, argument))
