"""Names that look alike to the eye: in other capitals, in full width, or with letters of another script."""

import unicodedata

# The two joiners are not seen between Latin letters.
_UNSEEN = dict.fromkeys((0x200C, 0x200D))
# Letters of other scripts that look like Latin ones, here by their code points: to the eye both rows are the same.
_SMALL_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u03bf\u03bd\u0131",
    "aeopcyxsijhdqwovi",
)
_CAPITALS_ALIKE = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABEKMHOPCTYXSIJABEZHIKMNOPTYX",
)


def looks_of(name: str) -> frozenset[str]:
    """Return how a name looks in small letters and in capitals; two names that share one look alike."""
    held = unicodedata.normalize("NFKC", name).translate(_UNSEEN)
    looks = (held.casefold().translate(_SMALL_ALIKE), held.upper().translate(_CAPITALS_ALIKE))
    # Marked by which it is: small letters of one name are not compared with capitals of another.
    return frozenset(f"{number}{look}" for number, look in enumerate(looks) if look)
