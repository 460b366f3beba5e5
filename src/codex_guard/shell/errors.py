"""What ends a parse."""


class ParseError(Exception):
    """The text is not a script from here on."""
