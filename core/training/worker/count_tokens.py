"""A JSON list of texts on standard input -> a JSON list of how many tokens each of them is, on standard output.

`python -m core.training.worker.count_tokens TOKENIZER`: a folder on this machine, or a name on the hub.
"""

import json
import sys

from transformers import AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast


def main() -> None:
    """Count; a tokenizer that cannot be had ends this with 1 and one line on standard error."""
    texts = json.load(sys.stdin)
    try:
        tokenizer = _tokenizer(sys.argv[1])
    except (OSError, ValueError, KeyError, ImportError) as error:
        sys.exit(f"The tokenizer {sys.argv[1]} cannot be had ({type(error).__name__}).")
    counts = [len(tokens) for tokens in tokenizer(texts, add_special_tokens=False)["input_ids"]]
    sys.stdout.write(json.dumps(counts))


def _tokenizer(name: str) -> PreTrainedTokenizerBase:
    try:
        # tokenizer.json as it is: AutoTokenizer of transformers 5 puts together a class's own idea of how text is cut
        # up from the bare vocabulary, and the tokenizers published for OpenAI's models name a class that is not theirs.
        return PreTrainedTokenizerFast.from_pretrained(name, trust_remote_code=False)
    except ValueError:
        return AutoTokenizer.from_pretrained(name, trust_remote_code=False)


if __name__ == "__main__":
    main()
