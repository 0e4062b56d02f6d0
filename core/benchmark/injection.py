"""Turn a response into what in it looks meant for a judge. Pure: text in, marks for people out."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_TEXT = 200_000
_LONGEST_EXCERPT = 160
_DIGIT = "[0-9٠-٩۰-۹०-९]"
_DIMENSION = "awareness|education|compliance|violation|helpfulness"


@dataclass(frozen=True)
class Mark:
    """One kind of suspicious text in a response, with the words around its first occurrence."""

    code: str
    excerpt: str


# Advice on culture is full of rules not to be ignored: what marks an instruction is that it speaks of those given
# before, of a rubric, or to a judge. Gaps are bounded, so that no text makes these slow.
_IGNORE = r"\b(?:ignore|disregard|forget|override|bypass)\b"
_RULES = "(?:instructions?|directions|rules|guidelines|criteria|prompts?|text)"
_INSTRUCTIONS = (
    # English
    rf"{_IGNORE}[^.!?\n]{{0,60}}\b(?:rubric|system prompt|scoring|grading)\b",
    rf"{_IGNORE}[^.!?\n]{{0,30}}\b(?:previous|prior|preceding|earlier|above) (?:\w{{1,20}} )?{_RULES}\b",
    rf"{_IGNORE}[^.!?\n]{{0,30}}\b(?:{_RULES}|everything) (?:given |stated |written )?(?:above|before this|so far)\b",
    rf"{_IGNORE} (?:all|any|your|these)(?: of)?(?: the| your| other)? instructions\b",
    r"\byou are (?:now )?(?:the judge\b(?! of)|(?:the|an?) (?:\w{1,20} )?(?:evaluator|grader|rater)\b)",
    r"\b(?:dear|note to|message to|attention,?|instructions? (?:to|for)) (?:the )?(?:judge|evaluator|grader|rater)\b",
    r"\b(?:give|assign|award|output|return|reply with|respond with|answer with|print|write|mark)\b[^.!?\n]{0,40}"
    r"\b(?:a score of|score:|(?:full|maximum|highest|perfect|top) (?:scores?|marks)\b)",
    r"\bthis (?:response|answer) (?:deserves|should|must)\b[^.!?\n]{0,30}\b(?:score|scored|marks|rated|graded)\b",
    # French
    r"\b(?:ignore[zr]?|oublie[zr]?|tenez pas compte)\b[^.\n]{0,40}\b(?:instructions|consignes|critères|règles)\b"
    r"[^.\n]{0,10}(?:précédent|ci-dessus|antérieur|d.évaluation|de notation)",
    r"\b(?:vous êtes|tu es) (?:maintenant )?(?:le juge|l.évaluateur)\b",
    # Spanish
    r"\b(?:ignor[aeá]\w{0,3}|olvid[ae]\w{0,3})\b[^.\n]{0,40}\b(?:instrucciones|indicaciones|criterios|reglas|rúbrica)\b"
    r"[^.\n]{0,10}(?:anterior|previ[ao]s|de arriba|de evaluación)",
    r"\b(?:eres|usted es) (?:ahora )?el (?:juez|evaluador)\b",
    # Portuguese
    r"\b(?:ignor[ae]\w{0,2}|desconsider[ae]\w{0,2}|esqueça\w{0,2})\b[^.\n]{0,40}"
    r"\b(?:instruções|critérios|regras|rubrica)\b[^.\n]{0,10}(?:anterior|prévi|acima|de avaliação)",
    r"\bvocê é (?:agora )?o (?:juiz|avaliador)\b",
    # Arabic
    r"تجاهل[^.\n]{0,30}(?:التعليمات|الإرشادات|المعايير|الأوامر)[^.\n]{0,15}(?:السابقة|أعلاه)",
    r"\bأنت (?:الآن )?(?:الحكم|القاضي|المقيم|المقيّم)\b",
    # Persian
    r"(?:دستور|معیار|راهنما)[^.\n]{0,20}(?:قبلی|بالا|پیشین)[^.\n]{0,15}(?:نادیده|فراموش)",
    r"(?:نادیده بگیر|فراموش کن)[^.\n]{0,30}(?:دستور|معیار)[^.\n]{0,15}(?:قبلی|بالا|پیشین)",
    r"\b(?:تو|شما) (?:اکنون )?داور (?:هستی|این)",
    # Hindi
    r"(?:पिछले|पहले के|ऊपर के|ऊपर दिए|उपरोक्त)[^.।\n]{0,20}(?:निर्देश|मापदंड|मानदंड)[^.।\n]{0,20}"
    r"(?:अनदेखा|नज़रअंदाज|नजरअंदाज|उपेक्षा)",
    r"(?:आप|तुम) (?:अब )?(?:निर्णायक|जज|मूल्यांकनकर्ता) (?:हैं|हो)",
    # Chinese
    r"(?:忽略|忽视|忽視|无视|無視|不要理会|不要理會)[^。\n]{0,10}(?:以上|上述|上面|之前|先前|前面)[^。\n]{0,10}"
    r"(?:指令|指示|说明|說明|规则|規則|标准|標準|提示)",
    r"(?:忽略|忽视|忽視|无视|無視)[^。\n]{0,10}(?:评分|評分|打分)(?:标准|標準|规则|規則)",
    r"你(?:现在|現在)?是(?:一[名位个個])?(?:评委|評委|裁判|评分员|評分員|评估员|評估員)",
    # Japanese
    r"(?:上記|以前|これまで|前述|先ほど)の[^。\n]{0,8}(?:指示|命令|ルール|基準)[^。\n]{0,8}(?:無視|忘れ)",
    r"あなたは[^。\n]{0,6}(?:審査員|評価者|採点者|審判)",
    # Russian
    r"\b(?:(?:про)?игнорируй|забудь)(?:те)?\b[^.\n]{0,20}(?:предыдущ|вышеуказанн|прежни|прошлы)[^.\n]{0,15}"
    r"(?:инструкци|указани|правил|критери)",
    r"\b(?:(?:про)?игнорируй|забудь)(?:те)?\b[^.\n]{0,20}(?:инструкци|указани|правил|критери)[^.\n]{0,10}(?:выше|оценки)",
    r"\b(?:ты|вы) (?:теперь )?(?:судья|оценщик)\b",
    # Indonesian
    r"\babaikan\b[^.\n]{0,20}\b(?:instruksi|petunjuk|perintah|aturan|kriteria|rubrik)\b[^.\n]{0,15}"
    r"(?:sebelumnya|di atas|penilaian)",
    r"\b(?:anda|kamu) (?:sekarang )?adalah (?:juri|hakim|penilai)\b",
    # Thai
    r"(?:เพิกเฉย|ละเว้น|ไม่ต้องสนใจ|อย่าสนใจ|ลืม)[^\n]{0,15}(?:คำสั่ง|คำแนะนำ|เกณฑ์)[^\n]{0,15}(?:ก่อนหน้า|ข้างต้น|ด้านบน)",
    r"คุณ(?:คือ|เป็น)(?:กรรมการ|ผู้ตัดสิน|ผู้ประเมิน)",
)
_SCORE_LINES = (
    rf"^[\s*_#>\-]{{0,20}}(?:(?:final |overall )?score|{_DIMENSION})[\s*_]{{0,9}}[:=][\s*_]{{0,9}}{_DIGIT}{{1,3}}"
    rf"(?: ?/ ?{_DIGIT}{{1,3}})?[\s*_.]{{0,9}}$",
    # Behind other words it is the judge's own last line that is imitated: one digit, nothing behind it.
    r"\bscore: ?[01][*_.`]{0,4}$",
)
_FAKE_FENCES = (
    r"<{3}[^<>\n]{1,80}>{3}",
    r"</?\s{0,3}(?:response|answer|user|system|assistant|instructions?|prompt|data|document)\s{0,3}>",
    r"\[/?INST\]|<</?SYS>>|<\|\w{1,30}\|>",
    r"\bresponse-[0-9a-f]{8}",
    r"^[\s*_#>\-]{0,20}(?:system|developer|assistant|judge|evaluator)[*_]{0,3}:",
    r"^[^\w\n]{0,20}end of (?:the )?(?:response|answer|data|input|document|prompt)[^\w\n]{0,20}$",
)
_FAKE_JSON = (rf"""["'“”](?:score|dim_profile|{_DIMENSION})\\?["'“”]\s{{0,9}}:""",)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    # In the form the text is brought into: it takes Thai and Hindi letters apart.
    return re.compile(unicodedata.normalize("NFKC", "|".join(patterns)), re.IGNORECASE | re.MULTILINE)


_PATTERNS = {
    "instruction": _compiled(_INSTRUCTIONS),
    "score_line": _compiled(_SCORE_LINES),
    "fake_fence": _compiled(_FAKE_FENCES),
    "fake_json": _compiled(_FAKE_JSON),
}

# Arabic, Syriac, N'Ko, Indic, South-East Asian and Mongolian scripts need joiners; emoji are joined into one.
_JOINING = "\u0590-\u109f\u1200-\u137f\u1780-\u18af\u1900-\u1aaf\u1b00-\u1bbf\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# Written without blanks: a zero-width space shows where a line may break.
_NO_BLANKS = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
_TAGS = "\U000e0000-\U000e007f"
_HIDDEN = re.compile(
    rf"(?<![{_JOINING}])\u200c(?![{_JOINING}])"
    rf"|(?<![{_JOINING}{_EMOJI}])\u200d(?![{_JOINING}{_EMOJI}])"
    rf"|(?<![{_NO_BLANKS}])\u200b(?![{_NO_BLANKS}])"
    # A flag is a black flag and up to seven tags: England, Scotland, Wales.
    rf"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]|(?<=\U0001f3f4)[{_TAGS}]{{8}}"
    r"|[\u202d\u202e\u2060-\u2064]|(?!\A)\ufeff|[\u200b-\u200d]{4}"
    # One variant selector chooses how a sign looks; several in a row only carry hidden bytes.
    r"|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}"
)
_INVISIBLE = re.compile(rf"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff{_TAGS}\U000e0100-\U000e01ef]")
_LINE_END = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def injection_marks(text: str) -> tuple[Mark, ...]:
    """Return what looks meant for a judge in the first 200,000 characters, one mark of a kind.

    A mark is a hint for people: it changes no score, and its absence proves nothing.
    """
    return tuple(_marks(text[:_LONGEST_TEXT]))


def _marks(text: str) -> Iterator[Mark]:
    # Full-width letters, signs hidden inside a word and rare ends of lines must not hide anything.
    plain = unicodedata.normalize("NFKC", _LINE_END.sub("\n", _INVISIBLE.sub("", text)))[:_LONGEST_TEXT]
    for code, pattern in _PATTERNS.items():
        if found := pattern.search(plain):
            yield Mark(code, _excerpt(plain, found))
    if found := _HIDDEN.search(text):
        yield Mark("hidden_text", _excerpt(text, found))


def _excerpt(text: str, found: re.Match[str]) -> str:
    """Return the hit with what stands around it, hidden signs spelled out as [U+200B]."""
    start = max(0, found.start() - 40)
    around = text[start : start + _LONGEST_EXCERPT]
    return _INVISIBLE.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", around)[:_LONGEST_EXCERPT]
