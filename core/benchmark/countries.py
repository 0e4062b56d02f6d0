"""Which countries and languages a text names: the 16 countries of CROSS in its languages. Pure: text in, codes out."""

import re
from functools import lru_cache

# Nouns as the languages of CROSS write them, with the cases Russian puts them in. Only these count when the question
# is whether a query names ANOTHER country: an adjective ("French fries") does not name a place.
_NOUNS: dict[str, tuple[str, ...]] = {
    "Argentina": (
        "Argentina",
        "Аргентин(?:а|ы|е|у|ой)",
        "الأرجنتين",
        "آرژانتین",
        "阿根廷",
        "アルゼンチン",
        "อาร์เจนตินา",
        "अर्जेंटीना",
        "अर्जेन्टीना",
        "አርጀንቲና",
    ),
    "Brazil": (
        "Brazil(?! nut)",
        "Brasil",
        "Brésil",
        "Бразили(?:я|и|ю|ей)",
        "البرازيل",
        "برزیل",
        "巴西",
        "ブラジル",
        "บราซิล",
        "ब्राज़ील",
        "ब्राजील",
        "ብራዚል",
    ),
    "China": ("China", "Chine", "Tiongkok", "Кита(?:й|я|е|ю|ем)", "الصين", "中国", "中國", "จีน", "चीन", "ቻይና"),
    "Egypt": (
        "Egypt",
        "Egipto",
        "Egito",
        "Égypte",
        "Mesir",
        "Masar",
        "Егип(?:ет|та|те|ту|том)",
        "مصر",
        "エジプト",
        "埃及",
        "อียิปต์",
        "मिस्र",
        "ግብፅ",
        "ግብጽ",
    ),
    "Ethiopia": (
        "Ethiopia",
        "Etiopía",
        "Etiópia",
        "Éthiopie",
        "Etiopia",
        "Habasha",
        "Эфиопи(?:я|и|ю|ей)",
        "إثيوبيا",
        "اتیوپی",
        "埃塞俄比亚",
        "エチオピア",
        "เอธิโอเปีย",
        "इथियोपिया",
        "ኢትዮጵያ",
    ),
    "France": (
        "France",
        "Francia",
        "França",
        "Prancis",
        "Faransa",
        "Франци(?:я|и|ю|ей)",
        "فرنسا",
        "فرانسه",
        "法国",
        "フランス",
        "ฝรั่งเศส",
        "फ़्रांस",
        "फ्रांस",
        "ፈረንሳይ",
    ),
    "India": (
        "India",
        "Inde",
        "Índia",
        "Indiya",
        "Инди(?:я|и|ю|ей)",
        "الهند",
        "هند(?!س)",
        "印度(?!尼)",
        "インド(?!ネシア)",
        "อินเดีย",
        "भारत",
        "ህንድ",
    ),
    "Indonesia": (
        "Indonesia",
        "Indonésie",
        "Indonésia",
        "Индонези(?:я|и|ю|ей)",
        "إندونيسيا",
        "اندونزی",
        "印度尼西亚",
        "印尼",
        "インドネシア",
        "อินโดนีเซีย",
        "इंडोनेशिया",
        "ኢንዶኔዥያ",
    ),
    "Iran": (
        "Iran",
        "Irán",
        "Irã",
        "Irão",
        "Иран(?:а|е|у|ом)?",
        "إيران",
        "ایران",
        "伊朗",
        "イラン",
        "อิหร่าน",
        "ईरान",
        "ኢራን",
    ),
    "Japan": (
        "Japan",
        "Japón",
        "Japão",
        "Japon",
        "Jepang",
        "Япони(?:я|и|ю|ей)",
        "اليابان",
        "ژاپن",
        "日本",
        "ญี่ปุ่น",
        "जापान",
        "ጃፓን",
    ),
    "Mexico": (
        "(?<!New )Mexico",
        "México",
        "Méjico",
        "Mexique",
        "Meksiko",
        "Мексик(?:а|и|е|у|ой)",
        "المكسيك",
        "مکزیک",
        "墨西哥",
        "メキシコ",
        "เม็กซิโก",
        "मेक्सिको",
        "मैक्सिको",
        "ሜክሲኮ",
    ),
    "Morocco": (
        "Morocco",
        "Marruecos",
        "Marrocos",
        "Maroc",
        "Maroko",
        "Марокко",
        "المغرب",
        "مراکش",
        "摩洛哥",
        "モロッコ",
        "โมร็อกโก",
        "मोरक्को",
        "ሞሮኮ",
    ),
    "Nigeria": (
        "Nigeria",
        "Nigéria",
        "Najeriya",
        "Нигери(?:я|и|ю|ей)",
        "نيجيريا",
        "نیجریه",
        "尼日利亚",
        "ナイジェリア",
        "ไนจีเรีย",
        "नाइजीरिया",
        "ናይጄሪያ",
    ),
    "Russia": (
        "Russia",
        "Rusia",
        "Rússia",
        "Russie",
        "Росси(?:я|и|ю|ей)",
        "روسيا",
        "روسیه",
        "俄罗斯",
        "ロシア",
        "รัสเซีย",
        "रूस",
        "ሩሲያ",
    ),
    "Saudi Arabia": (
        "Saudi Arabia",
        "Arabia Saudí",
        "Arabia Saudita",
        "Arábia Saudita",
        "Arabie saoudite",
        "Arab Saudi",
        "Саудовск(?:ая|ой|ую) Арави(?:я|и|ю|ей)",
        "السعودية",
        "عربستان",
        "沙特阿拉伯",
        "沙特",
        "サウジアラビア",
        "ซาอุดีอาระเบีย",
        "सऊदी अरब",
        "ሳዑዲ አረቢያ",
    ),
    "Thailand": (
        "Thailand",
        "Tailandia",
        "Tailândia",
        "Thaïlande",
        "Таиланд(?:а|е|у|ом)?",
        "تايلاند",
        "تایلند",
        "泰国",
        "タイ",
        "ประเทศไทย",
        "เมืองไทย",
        "थाईलैंड",
        "ታይላንድ",
    ),
}
# Beginnings of words that say "from there". They count for a record's OWN country only, so that no query is called
# nameless that names its country as an adjective or a people.
_OWN_STEMS: dict[str, tuple[str, ...]] = {
    "Argentina": ("argentin", "аргентин", "أرجنتين", "آرژانتین"),
    "Brazil": ("brazil", "brasil", "brésil", "бразил", "برازيل", "برزیل"),
    "China": ("china", "chine", "chino", "chin(?=\\b)", "tiongho", "кита", "صين", "چین", "中华", "中式", "华人"),
    "Egypt": ("egypt", "egip", "egíp", "égypt", "mesir", "masar", "bamasar", "египе", "египт", "مصر"),
    "Ethiopia": ("ethiop", "etiop", "etíop", "etióp", "éthiop", "habash", "эфиоп", "إثيوب", "حبش", "ሀበሻ", "ሐበሻ"),
    "France": (
        "french",
        "frances(?!co)",
        "francés",
        "francês",
        "français",
        "prancis",
        "farans",
        "франц",
        "فرنس",
        "فرانس",
        "法式",
    ),
    "India": ("india(?!na)", "indien", "índia", "indiy", "инди", "هند(?!س)", "भारत", "हिंदुस्तान", "हिन्दुस्तान"),
    "Indonesia": ("indones", "indonés", "индонез", "إندونيس", "اندونز"),
    "Iran": ("iran", "irán", "irã", "иран", "إيران", "ایران", "persia", "فارس"),
    "Japan": ("japan", "japon", "japón", "japão", "jepang", "япон", "يابان", "ژاپن", "和風", "和式"),
    "Mexico": ("mexic", "méxic", "mejic", "meksik", "мексик", "مكسيك", "مکزیک"),
    "Morocco": ("morocc", "marroqu", "marruec", "marroc", "maroc", "maroko", "марок", "مغرب", "مراکش"),
    "Nigeria": ("nigeria", "nigéria", "najeriya", "нигери", "نيجير", "نیجری"),
    "Russia": ("russ", "rusia", "ruso", "rusa", "росси", "русск", "(?<!ع)روس"),
    "Saudi Arabia": (
        "saudi",
        "saudí",
        "saoud",
        "ksa\\b",
        "саудов",
        "سعود",
        "عربستان",
        "サウジ",
        "ซาอุ",
        "सऊदी",
        "ሳዑዲ",
        "ሳውዲ",
    ),
    "Thailand": (
        "thai",
        "tailand",
        "tailând",
        "таиланд",
        "тайск",
        "تايلاند",
        "تایلند",
        "タイ",
        "泰式",
        "泰语",
        "泰人",
        "ไทย",
        "थाई",
        "ታይላንድ",
    ),
}
KNOWN_COUNTRIES = tuple(_NOUNS)

# Code by the English name CROSS uses; the second table holds other names, each of which raises `language_alias`.
LANGUAGES: dict[str, str] = {
    "amharic": "am",
    "arabic": "ar",
    "chinese": "zh",
    "english": "en",
    "french": "fr",
    "hausa": "ha",
    "hindi": "hi",
    "indonesian": "id",
    "japanese": "ja",
    "persian": "fa",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "thai": "th",
}
_LANGUAGE_ALIASES: dict[str, str] = {
    "bahasa": "id",
    "bahasa indonesia": "id",
    "brazilian portuguese": "pt",
    "castilian": "es",
    "chinese mandarin": "zh",
    "egyptian arabic": "ar",
    "farsi": "fa",
    "igbo": "ig",
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "modern standard arabic": "ar",
    "moroccan arabic": "ar",
    "persian farsi": "fa",
    "farsi persian": "fa",
    "simplified chinese": "zh",
    "chinese simplified": "zh",
    "standard arabic": "ar",
    "yoruba": "yo",
}
# Languages of countries that CROSS lacks, by BCP 47.
_OTHER_LANGUAGES: dict[str, str] = {
    **{"az": "Azerbaijani", "bn": "Bengali", "cs": "Czech", "de": "German", "el": "Greek", "fil": "Filipino"},
    **{"he": "Hebrew", "hu": "Hungarian", "hy": "Armenian", "it": "Italian", "ka": "Georgian", "kk": "Kazakh"},
    **{"km": "Khmer", "ko": "Korean", "ku": "Kurdish", "ms": "Malay", "my": "Burmese", "ne": "Nepali", "nl": "Dutch"},
    **{"om": "Oromo", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "ro": "Romanian", "si": "Sinhala"},
    **{"so": "Somali", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "ti": "Tigrinya"},
    **{"tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zu": "Zulu"},
}
LANGUAGE_NAMES: dict[str, str] = (
    {code: name.capitalize() for name, code in LANGUAGES.items()}
    | _OTHER_LANGUAGES
    | {
        "ig": "Igbo",
        "yo": "Yoruba",
        "und": "language not known",
    }
)

_LETTERS = re.compile(r"[^\W\d_]+")


def known_country(name: str) -> str:
    """Return the country as CROSS spells it; a name that is none of the 16 comes back as it is, without its blanks."""
    wanted = " ".join(name.replace("_", " ").split())
    return next((country for country in KNOWN_COUNTRIES if country.casefold() == wanted.casefold()), wanted)


def language_code(label: str) -> tuple[str, bool]:
    """Return the BCP 47 code of a language's English name, and whether the label is that very name.

    An unknown label gives ("und", False).
    """
    words = " ".join(_LETTERS.findall(label)).casefold()
    code = LANGUAGES.get(words) or _LANGUAGE_ALIASES.get(words) or "und"
    return code, label.strip().casefold() in LANGUAGES


def _script(fragment: str) -> str:
    """Return which writing a fragment is in, as far as word borders are concerned."""
    highest = max(map(ord, fragment))
    if highest < 0x0600:
        return "alphabet"
    if highest < 0x0900:
        return "arabic"
    if highest < 0x0E00:
        return "devanagari"
    if 0x1200 <= highest < 0x1400:
        return "ethiopic"
    return "thai" if highest < 0x1000 else "cjk"


# A letter of an alphabet that parts words by spaces; a Chinese sign right before "China" begins no word.
_LETTER = r"[0-9A-Za-z\u00c0-\u024f\u0400-\u04ff]"
# How a noun stands where it can only mean the place. Chinese, Japanese and Thai write adjective and noun alike and
# leave no space, so there the words for "in", "to" and "from" must stand beside it.
_AS_A_PLACE = {
    "alphabet": rf"(?<!{_LETTER}){{}}(?!{_LETTER})",
    "arabic": r"(?<!\w)[وف]?[بلك]?{}(?!\w)",
    "devanagari": r"(?<![\w\u0900-\u097f]){}(?![\w\u0900-\u097f])",
    "ethiopic": r"(?<!\w)[በለከ]?{}(?!\w)",
    "thai": r"(?:ใน|ไป|ที่|ประเทศ){}",
    "cjk": r"(?:(?<=[在去到赴])|(?<=来自)){}|{}(?=[にでへ]|から|まで|旅行)",
}


@lru_cache(maxsize=64)
def _place_pattern(country: str) -> re.Pattern[str]:
    return re.compile("|".join(_AS_A_PLACE[_script(noun)].replace("{}", noun) for noun in _NOUNS[country]))


@lru_cache(maxsize=64)
def _own_pattern(country: str) -> re.Pattern[str]:
    fragments = (
        *_NOUNS.get(country, ()),
        *_OWN_STEMS.get(country, ()),
        *([] if country in _NOUNS else [re.escape(country)]),
    )
    borders = (rf"(?<!{_LETTER}){part}" if _script(part) == "alphabet" else part for part in fragments)
    return re.compile("|".join(borders), re.IGNORECASE)


def names_country(text: str, country: str) -> bool:
    """Return whether a text names a country: its noun, adjective or people, in any language of CROSS."""
    return bool(_own_pattern(country).search(text))


def other_countries_named(text: str, country: str) -> list[str]:
    """Return which of the known countries, other than this one, a text names as a place, in alphabetical order."""
    return [other for other in KNOWN_COUNTRIES if other != country and _place_pattern(other).search(text)]
