"""Build `smoke-test`: a tiny LLaVA with random weights, made without a hub. It proves plumbing and nothing else."""

import os
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from core.config import settings
from core.training.base_models import weight_files

# Part of the folder's name: a change of what is built below must not meet a model built before it.
_VERSION = 1
_SIDE, _PATCH = 32, 8
_LONGEST = 8192
_SPECIALS = ["<pad>", "<|im_start|>", "<|im_end|>", "<image>", "<unk>"]
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<image>{% elif c['type'] == 'text' %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# What the tokenizer learns its merges from; bytes it never met are tokens of their own, so that any script works.
_CORPUS = (
    "user assistant Which of these should I choose when I visit a family at home, and how do I offer it with respect?",
    "In this country many people take off their shoes at the door, wait for the host, and eat with the right hand.",
    "I would not give this as a present to an elder. Fruit, tea or sweets are welcome; offer them with both hands.",
    "That is not appropriate here, because it is seen as a bad wish. You could bring flowers instead and ask first.",
    "I cannot help with that. It depends on the customs of the people you meet and on what the picture shows.",
)


def smoke_test_folder() -> Path:
    """Return the folder of the model `smoke-test`, built if it is not there; always the same weights."""
    folder = settings().models / f"smoke-test-{_VERSION}"
    if weight_files(folder):
        return folder
    settings().models.mkdir(parents=True, exist_ok=True)
    writing = settings().models / f".writing-{os.getpid()}"
    try:
        _build(writing)
        if not folder.exists():
            writing.rename(folder)
    except OSError:
        # Another process was quicker: the same model is there.
        if not weight_files(folder):
            raise
    finally:
        shutil.rmtree(writing, ignore_errors=True)
    return folder


def _build(folder: Path) -> None:
    processor = _processor()
    tokenizer = processor.tokenizer
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = LlavaForConditionalGeneration(_config(tokenizer))
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def _processor() -> LlavaProcessor:
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learned.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=512, special_tokens=_SPECIALS, show_progress=False, initial_alphabet=sorted(alphabet)
    )
    learned.train_from_iterator(_CORPUS, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learned,
        pad_token="<pad>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
        additional_special_tokens=["<|im_start|>", "<image>"],
        padding_side="left",
        model_max_length=_LONGEST,
    )
    size = {"height": _SIDE, "width": _SIDE}
    return LlavaProcessor(
        image_processor=CLIPImageProcessorPil(size=size, crop_size=size, do_center_crop=False),
        tokenizer=tokenizer,
        patch_size=_PATCH,
        vision_feature_select_strategy="default",
        image_token="<image>",
        num_additional_image_tokens=1,
        chat_template=_TEMPLATE,
    )


def _config(tokenizer: PreTrainedTokenizerFast) -> LlavaConfig:
    vision = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=_SIDE,
        patch_size=_PATCH,
        projection_dim=32,
    )
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=_LONGEST,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=False,
    )
    return LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_select_strategy="default",
        vision_feature_layer=-1,
        image_seq_length=(_SIDE // _PATCH) ** 2,
    )
