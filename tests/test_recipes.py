"""Recipes and model names, checked without torch."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import PROJECT
from core.errors import TrainingError
from core.training.base_models import base_model, weights_sha256
from core.training.recipes import PRESETS, changes_from_preset, command_for, recipe_for, recipe_from, recipe_of


def test_the_presets_keep_cross_settings_of_one_epoch_beta_and_batch():
    for name in ("dpo-lora", "sft-lora"):
        recipe = recipe_from(name)
        assert recipe.epochs == 1
        assert recipe.beta == 0.1
        assert recipe.batch_size * recipe.gradient_accumulation == 8


def test_a_recipe_is_read_from_toml_and_from_json_alike(tmp_path: Path):
    toml, as_json = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text('preset = "dpo-lora"\nepochs = 3\nlearning_rate = 1e-4\n')
    as_json.write_text(json.dumps({"preset": "dpo-lora", "epochs": 3, "learning_rate": 1e-4}))
    recipe = recipe_from(str(toml))
    assert recipe == recipe_from(str(as_json))
    assert (recipe.epochs, recipe.learning_rate, recipe.beta) == (3, 1e-4, 0.1)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("learning_speed = 1.0", "learning_speed"),
        ("trust_remote_code = true", "trust_remote_code"),
        ('preset = "best"', "preset"),
        ("learning_rate = -1.0", "learning_rate"),
        ("learning_rate = nan", "learning_rate"),
        ('learning_rate = "fast"', "learning_rate"),
        ("epochs = 0", "epochs"),
        ("epochs = true", "epochs"),
        ("max_steps = 2.5", "max_steps"),
        ("lora_rank = 0", "lora_rank"),
        ('method = "ppo"', "method"),
        ('lora_targets = "lm_head"', "lora_targets"),
        ("lora_targets = []", "lora_targets"),
        ('model = ""', "model"),
        ("model = 5", "model"),
        ('model = "a\\nb"', "model"),
    ],
)
def test_a_bad_setting_is_refused_by_its_name(tmp_path: Path, content: str, named: str):
    path = tmp_path / "recipe.toml"
    path.write_text(content)
    with pytest.raises(TrainingError, match=named):
        recipe_from(str(path))


@pytest.mark.parametrize("content", [b"[[", b"\xff\xfe", b"epochs", b"[" * 5000])
@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_file_that_is_no_recipe_is_a_clear_message(tmp_path: Path, content: bytes, suffix: str):
    path = tmp_path / f"recipe.{suffix}"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="cannot be read"):
        recipe_from(str(path))


def test_a_recipe_that_is_nowhere_names_the_presets():
    with pytest.raises(TrainingError, match="dpo-lora"):
        recipe_from("no-such-recipe")


def test_single_settings_can_be_changed_and_are_typed():
    recipe = recipe_from("smoke-test", ["epochs=2", "max_steps=none", "model=./a b", "learning_rate=1e-3"])
    assert (recipe.epochs, recipe.max_steps, recipe.model) == (2.0, None, "./a b")
    for change in ("epochs", "epochs=two", "max_steps=1.5", "nothing=1", "method=none none"):
        with pytest.raises(TrainingError):
            recipe_from("smoke-test", [change])


def test_a_method_must_fit_the_set():
    assert recipe_for(PRESETS["smoke-test"], "sft").method == "sft"
    with pytest.raises(TrainingError, match="method"):
        recipe_for(PRESETS["dpo-lora"], "sft")


def test_the_command_gives_back_the_same_recipe():
    model = "./models/$(touch X); rm 'a'"
    recipe = recipe_from("dpo-lora", [f"model={model}", "epochs=2.5", "beta=0.2"])
    words = shlex.split(command_for("pairs-1", recipe))
    assert words[:5] == ["cross-review", "train", "pairs-1", "--recipe", "dpo-lora"]
    changes = [words[at + 1] for at, word in enumerate(words) if word == "--set"]
    assert recipe_from("dpo-lora", changes) == recipe
    assert changes_from_preset(PRESETS["dpo-lora"]) == {}
    assert recipe_of({"preset": "dpo-lora", "model": model, "epochs": 2.5, "beta": 0.2}) == recipe


def write_model(folder: Path, *names: str, config: object = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config if config is not None else {"model_type": "llava"}))
    for name in names:
        (folder / name).write_bytes(b"weights")
    return folder


def test_a_model_is_smoke_test_a_folder_or_a_hub_name(tmp_path: Path):
    folder = write_model(tmp_path / "model", "model.safetensors")
    assert base_model("smoke-test").source == "smoke-test"
    assert base_model(str(folder)).folder == folder.resolve()
    assert base_model("owner/some-model-2b").source == "hub"
    assert set(weights_sha256(folder)) == {"model.safetensors"}


@pytest.mark.parametrize(
    "name",
    ["/nowhere/model", "./nowhere", "gpt2", "-rf/x", "a/b/c", "owner/$(touch X)", "a b/c", "~nobody/x"],
)
def test_a_model_that_is_nowhere_is_refused(name: str):
    with pytest.raises(TrainingError, match="no model folder"):
        base_model(name)


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path: Path):
    cases = {
        "holds no config.json": tmp_path / "empty",
        "pickle": write_model(tmp_path / "pickle", "pytorch_model.bin"),
        "no weights": write_model(tmp_path / "bare"),
        "no model_type": write_model(tmp_path / "other", "x.safetensors", config={}),
        "is no model folder: its": write_model(tmp_path / "list", "x.safetensors", config=[1]),
    }
    cases["holds no config.json"].mkdir()
    for words, folder in cases.items():
        with pytest.raises(TrainingError, match=words):
            base_model(str(folder))
    broken = write_model(tmp_path / "broken", "x.safetensors")
    (broken / "config.json").write_text("{")
    with pytest.raises(TrainingError, match="cannot be read"):
        base_model(str(broken))
    (cases["holds no config.json"] / "adapter_config.json").write_text("{}")
    with pytest.raises(TrainingError, match="an adapter, not a model"):
        base_model(str(cases["holds no config.json"]))


def test_recipes_runs_and_sets_import_no_training_library():
    modules = (
        "core.training.recipes, core.training.training_run, core.training.worker.train, core.training_sets.freeze_job"
    )
    heavy = "torch transformers trl peft datasets streamlit"
    code = f"import sys, {modules}; sys.exit(' '.join(set('{heavy}'.split()) & set(sys.modules)) or 0)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("source", ["~nosuchuser/x.toml", "x" * 5000, "\0"])
def test_a_recipe_no_file_can_have_the_name_of_is_said(source: str):
    with pytest.raises(TrainingError, match="There is no recipe"):
        recipe_from(source)


def test_a_number_beyond_all_bounds_is_said():
    with pytest.raises(TrainingError, match="max_steps"):
        recipe_from("smoke-test", ["max_steps=" + "9" * 400])


def test_a_recipe_whose_file_fails_on_reading_is_said(tmp_path: Path):
    (tmp_path / "recipe.toml").symlink_to("/proc/self/mem")
    with pytest.raises(TrainingError, match="cannot be read|There is no recipe"):
        recipe_from(str(tmp_path / "recipe.toml"))


def test_a_preset_that_is_no_name_is_said(tmp_path: Path):
    file = tmp_path / "recipe.json"
    file.write_text('{"preset": ["x"]}')
    with pytest.raises(TrainingError, match="preset"):
        recipe_from(str(file))
