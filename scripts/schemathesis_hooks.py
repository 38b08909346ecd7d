"""What Schemathesis must not send: bytes that HTTP itself forbids in a header.

Such a request is no message that an API could answer: the server's HTTP library refuses it before any of our code sees it,
with a bare 400 (RFC 9110, 5.5).
"""

import schemathesis


def is_allowed(character):
    return character == "\t" or (" " <= character != "\x7f")


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Headers and cookies without control characters."""
    for fields in (case.headers, case.cookies):
        for name, value in list((fields or {}).items()):
            fields[name] = "".join(filter(is_allowed, str(value))).strip()
