"""What ends a parse."""


class ParseError(Exception):
    """The text is not a script from here on."""


class TooMuchError(ParseError):
    """The text is longer or nested deeper than is read, and may be a script all the same."""
