"""The few settings of a training that matter, in plain words."""

import streamlit as st

from core.models import TrainingSet
from core.training.recipes import PRESETS, Recipe, recipe_for, recipe_with
from pages.components.problems import user_errors_shown


def chosen_recipe(training_set: TrainingSet) -> Recipe:
    """Ask for the settings and return the recipe; a setting that cannot be used is told and ends the page."""
    fitting = [name for name, recipe in PRESETS.items() if recipe.method in (None, training_set.kind)]
    name = st.selectbox("Recipe", fitting, help="A starting point; change what follows.")
    base = PRESETS[name]
    changes: dict[str, object] = {}
    changes["model"] = st.text_input(
        "Model", base.model, help="smoke-test, the folder of a model, or its name on the hub as owner/name."
    )
    if base.max_steps:
        changes["max_steps"] = int(st.number_input("Steps", 1, 100_000, base.max_steps, key=f"steps-{name}"))
    else:
        changes["epochs"] = st.number_input(
            "Epochs", 0.1, 100.0, base.epochs, key=f"epochs-{name}", help="How often each row is learned from."
        )
    changes["learning_rate"] = st.number_input(
        "Learning rate",
        1e-7,
        1.0,
        base.learning_rate,
        step=base.learning_rate / 5,
        format="%.2e",
        key=f"rate-{name}",
        help="How far one step goes. Too high, and the model forgets how to write.",
    )
    if training_set.kind == "dpo":
        changes["beta"] = st.number_input(
            "Beta", 0.01, 10.0, base.beta, key=f"beta-{name}", help="How close the model stays to what it was."
        )
    with user_errors_shown():
        return recipe_for(recipe_with(base, changes), training_set.kind)
