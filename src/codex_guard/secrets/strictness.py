"""How much is taken for a secret: one knob, from what is certain to whatever may be one."""

#: Formats only, as documentation never writes them: quiet.
LENIENT = "lenient"
#: Also what stands under a credential's name and looks like one.
STANDARD = "standard"
#: Also what may as well be an identifier, a made-up value or a word under a credential's name.
STRICT = "strict"
LEVELS = (LENIENT, STANDARD, STRICT)
