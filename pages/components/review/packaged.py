"""The files in assets/ -> a component whose HTML, CSS and JS are fetched once instead of sent with every answer."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_HERE = Path(__file__).parent
_NAME = "cross-review.validate"
# Streamlit looks for such manifests in the pyproject.toml of installed packages, beside a module of the package's
# name. There is none here, and a checkout may run without being installed, so the manifest is handed over.
# All that lies in the folder it names is served to anybody.
_MANIFEST = ComponentManifest("cross-review", "0", [ComponentConfig("validate", asset_dir="assets")])


def mount_review(*, key: str, data: dict[str, Any], **on_change: Any) -> Any:  # noqa: ANN401 - Streamlit's own
    """Draw the component in the running script and return its state."""
    return _declared(get_bidi_component_manager())(key=key, data=data, **on_change)


# A declaration looks for its files on the disk: too much for every answer. Tests have several managers in a process.
@lru_cache(maxsize=4)
def _declared(manager: BidiComponentManager) -> Any:  # noqa: ANN401 - Streamlit's own
    if manager.get_component_asset_root(_NAME) is None:
        manager.register_from_manifest(_MANIFEST, _HERE)
    return st.components.v2.component(_NAME, css="review.css", js="review.js")
