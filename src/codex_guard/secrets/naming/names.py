"""What a name says of its value: a password, a secret, a key of some kind, or nothing of the sort."""

_PASSWORDS = frozenset(
    """
    password passwd pwd pw pass passphrase passcode passwort pswd pswrd psword paswrd paswd passwrd
    passw userpass dbpass mypass passin passout userpw rootpw adminpw requirepass masterauth
    passwords psw pssw contrasena motdepasse psk storepass keypass kennwort wachtwoord heslo senha
    """.split()
)
_SECRETS = frozenset(
    """
    secret secrets secrete token tokens credential credentials creds cred apikey apikeys pat
    authorization jwt bearer auth apitoken appsecret accesstoken
    """.split()
)
_ENDINGS = ("password", "passwd", "secret", "token", "passphrase")
#: What makes a key, behind one of these words, a secret rather than an index.
_KEY_OWNERS = frozenset(
    """
    access account activation admin aes api app application auth authentication authorization bot
    client consumer cookie crypto decryption deploy encrypt encryption hmac ingest ingestion
    integration jwt licence license master private read recovery registration rest root sas sdk
    secret secure security server service session shared signature signing storage subscription
    unseal webhook write
    """.split()
)
_NO_KEYS = frozenset(
    """
    anon any array arrow artifact asset attr attribute batch blob block bucket build button cache
    channel checksum child chunk color column commit component composite config content data dedup
    dedupe dict digest disc doc document down eddsa end enter entity entry env escape etag event
    field file fingerprint font foreign form function gpg group hash home host hot i18n icon id
    idempotency image index input item job join json keyboard keyid kms label layout list locale
    lock lookup map media menu message meta metadata modifier module name natural node object option
    order package page param parent partition path peer pgp pk press primary property pub public
    publishable publishing query range react record recv ref registry remote resource restore
    routing row rsa s3 screen select semaphore setting settings sha shard short sig site sitekey
    slot sort span special ssh state storage_object stream string style surrogate tab tag task
    template test theme topic trace transaction translation tree type unique up user validator
    verification verify verifying version view widget
    """.split()
)
_NO_TOKENS = frozenset(
    """
    action authenticity backward bos cancel cancellation change clientrequest cls consistency
    continuation continue csrf ct delta design eos forgery forward idempotency invalidation lock
    marker mask middleware next pad page pagination partial query range request resume sep sidewalk
    snapshot special start starting sync unit unk update upload xsrf max min num total prompt
    completion input output lexer parser syntax string number symbol nonce verification domain
    public publickey word text last prev previous first cursor current antiforgery anti
    requestverification csrfmiddleware watch async await stop vocab added image code operator
    keyword identifier separator type css color
    """.split()
)
_NO_PASSWORDS = frozenset(
    """
    forgot forgotten reset change confirm no show hide invalid wrong
    """.split()
)
_TRAILING = frozenset(
    """
    value val prod production dev development test testing staging live base primary secondary
    default raw plain plaintext cleartext text string str env old new current const sandbox local is
    was to set be for with code b64 base64 encoded enc header here backup main any secure readonly
    rw ro
    """.split()
)
#: What stands in a call is a secret where the call's name is one, or sets one: not in ``get_token("x")``.
_SETTERS = frozenset(
    """
    set with add put use define store save new
    """.split()
)
_WRITTEN = frozenset(
    """
    let var val final static protected internal readonly int char auto def set env local global
    declare return if and or not in from as is use a an new for to of it was are with by class
    struct enum type field property input output name value add put get default optional required
    print echo log run docker curl header key keys id my the our your x config self this args
    options params headers data json string expected actual export os environ process settings
    access refresh bearer oauth oauth2 device user csrf uuid guid unique request response
    """.split()
)

_COMMON = _PASSWORDS | _SECRETS | _KEY_OWNERS | _TRAILING | _NO_TOKENS | _WRITTEN
_ASKING = frozenset(
    """
    get fetch find load read parse validate verify check decode create generate gen make delete
    remove revoke has is lookup hash test assert expect contains equals match by from to
    refresh
    """.split()
)

PASSWORD, SECRET, KEY = "password", "secret", "key"


def words(name: str) -> list[str]:
    """Return a name's words, in lower case: ``AWSSecretKey_2``: ``aws``, ``secret``, ``key``, ``2``."""
    found: list[str] = []
    start = 0
    for at in range(1, len(name) + 1):
        if at == len(name) or not name[at].isalnum() or _begins_word(name, at):
            piece = name[start:at].strip("_-.$ ")
            if piece and piece[0].isalnum():
                found.append(piece.lower())
            start = at + (at < len(name) and not name[at].isalnum())
    return found


def _begins_word(name: str, at: int) -> bool:
    """Say whether a camel's hump begins at ``at``."""
    before, this, after = name[at - 1], name[at], name[at + 1 : at + 2]
    if not this.isupper():
        return False
    return before.islower() or before.isdigit() or (before.isupper() and after.islower())


def kind(name: str, tie: str = "=") -> str | None:
    """Say what the name's value is: ``PASSWORD``, ``SECRET``, ``KEY`` (a key of no kind told), or None.

    ``tie`` is a ``Pair``'s: what stands in a call of ``get_token`` is no token.
    """
    parts = words(name)
    while parts and (parts[-1] in _TRAILING or parts[-1].isdigit()):
        parts.pop()
    if not parts or "public" in parts or (tie == "(" and not _is_set(parts, called=_is_built(name, parts))):
        return None
    last = parts[-1].rstrip("0123456789")
    owner = parts[-2] if len(parts) > 1 else ""
    if last in ("key", "keys"):
        return _key(owner, parts)
    if last in ("access", "private"):
        return KEY if has_owner(name) else None
    told, before = _told(last)
    if told == PASSWORD and owner in _NO_PASSWORDS:
        return None
    if told == SECRET and last.endswith(("token", "tokens")) and (before or owner) in _NO_TOKENS:
        return None
    return told


def _is_set(parts: list[str], *, called: bool) -> bool:
    """Say whether a call of these words gets a credential: ``password("x")``, ``set_api_token("x")``.

    ``called``: it is a builder's, as in ``.apiKey("x")``.
    """
    last = parts[-1]
    one = len(parts) == 1 or parts[0] in _SETTERS or called
    return one and (last in _PASSWORDS or last in _SECRETS or last == "key")


def _is_built(name: str, parts: list[str]) -> bool:
    """Say whether a name is that of a builder's method, which is none that asks for something."""
    return name.lstrip()[:1] == "." and parts[0] not in _ASKING


def _told(last: str) -> tuple[str | None, str]:
    """Return what a name's last word says, and what stands glued before that: ``next`` in ``nexttoken``."""
    if last in _PASSWORDS:
        return PASSWORD, ""
    if last in _SECRETS or (last.endswith("key") and last[:-3] in _KEY_OWNERS):
        return SECRET, ""
    for ending in _ENDINGS:
        if last.endswith(ending):
            return PASSWORD if ending.startswith("pass") else SECRET, last[: -len(ending)]
    return None, ""


def has_owner(name: str) -> bool:
    """Say whether a name tells whose credential it is, and not only its kind: ``acme_token``."""
    return any(not (word.isdigit() or word in _COMMON) for word in words(name))


def _key(owner: str, parts: list[str]) -> str | None:
    if owner in _NO_KEYS:
        return None
    return SECRET if owner in _KEY_OWNERS or "secret" in parts or "api" in parts else KEY
