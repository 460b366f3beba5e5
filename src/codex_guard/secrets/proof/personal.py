"""Numbers that name a person or an account: payment cards, bank accounts, US social security."""

# Issuers' first digits, as (lowest, highest), and the lengths of their card numbers.
_ISSUERS = (
    ("300", "305", range(14, 20)), ("3095", "3095", range(14, 20)), ("36", "36", range(14, 20)),
    ("38", "39", range(14, 20)), ("34", "34", (15,)), ("37", "37", (15,)),
    ("3528", "3589", range(16, 20)), ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)), ("2221", "2720", (16,)), ("2200", "2204", range(16, 20)),
    ("5018", "5018", range(12, 20)), ("5020", "5020", range(12, 20)), ("5038", "5038", range(12, 20)),
    ("5893", "5893", range(12, 20)), ("6304", "6304", range(12, 20)), ("6759", "6759", range(12, 20)),
    ("6761", "6763", range(12, 20)), ("60", "60", range(16, 20)), ("62", "62", range(16, 20)),
    ("644", "649", range(16, 20)), ("65", "65", range(16, 20)),
)  # fmt: skip
# Each country's length of an IBAN, by its code; from the registry.
_IBANS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 "
    "EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 "
    "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 "
    "NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 "
    "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
# Area, group and serial of numbers that the agency withdrew because advertisements printed them.
_WITHDRAWN = frozenset({(78, 5, 1120), (219, 9, 9999)})
_LONGEST = 64  # characters of any of these numbers, its separators counted


def luhn(value: str) -> bool:
    """Check a payment card's number: its issuer's digits and length, and the check digit.

    https://www.iso.org/standard/70484.html (ISO/IEC 7812-1) and https://en.wikipedia.org/wiki/Payment_card_number
    for the issuers. Spaces and dashes can separate the digits.
    """
    number = _joined(value)
    if not (number.isascii() and number.isdigit()):
        return False
    if not any(len(number) in sizes and low <= number[: len(low)] <= high for low, high, sizes in _ISSUERS):
        return False
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    return (sum(map(int, number[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0  # noqa: PLR2004


def iban(value: str) -> bool:
    """Check an IBAN: its country's length, and 1 as the remainder by 97 with the first four behind the rest.

    https://www.swift.com/standards/data-standards/iban-international-bank-account-number (ISO 13616).
    """
    number = _joined(value).upper()
    if not (number.isascii() and number.isalnum() and f"{number[:2]}{len(number)}" in _IBANS.split()):
        return False
    if not number[2:4].isdigit():
        return False
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1


def us_ssn(value: str) -> bool:
    """Check a US social security number: area, group and serial that the agency gives out.

    https://www.ssa.gov/employer/randomization.html and https://www.ssa.gov/history/ssn/misused.html
    """
    number = _joined(value)
    if len(number) != 9 or not (number.isascii() and number.isdigit()):  # noqa: PLR2004 - 3, 2 and 4 digits
        return False
    area, group, serial = int(number[:3]), int(number[3:5]), int(number[5:])
    if area in {0, 666} or area >= 900:  # noqa: PLR2004 - never given out
        return False
    return group > 0 and serial > 0 and (area, group, serial) not in _WITHDRAWN


def _joined(value: str) -> str:
    """Return ``value`` without its separators; nothing for one that is longer than any number here."""
    return value.replace(" ", "").replace("-", "") if len(value) <= _LONGEST else ""
