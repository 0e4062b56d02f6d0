"""A browser as far as the server can tell: it speaks Streamlit's protocol over a websocket, and draws nothing."""

import json
import uuid
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

PATIENCE_S = 30.0
_COMPONENT = "validate"
_WELL = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class AppClient:
    """One visitor on the Validate page; `screen` is what the review component was last given.

    As in the browser, an answer stays in the outbox and travels with every message until it is named as stored.
    `problems` counts the messages that could not be stored when they came.
    """

    def __init__(self, url: str, *, cookie: str) -> None:
        self._socket = connect(
            f"ws://{urlsplit(url).netloc}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(url),
            additional_headers={"Cookie": cookie},
            max_size=None,
        )
        self.screen: dict[str, Any] = {}
        self.outbox: list[dict[str, object]] = []
        self.problems = 0
        self._component = self._fragment = self._page = ""
        self._number = 0
        message = BackMsg()
        message.rerun_script.page_name = "validate"
        self._run(message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def card(self) -> dict[str, Any]:
        """The response in view."""
        return next(card for card in self.screen["cards"] if card["position"] == self.screen["at"])

    def answer(self, dimension: str, choice: str) -> str:
        """Answer one question of the response in view; return the answer's id once the server has dealt with it."""
        standing = self.card["answers"].get(dimension)
        entry = {
            "kind": "answer",
            "form_id": str(uuid.uuid4()),
            "handle": self.card["handle"],
            "dimension": dimension,
            "choice": choice,
            "replaces": standing["form_id"] if standing else "",
        }
        self.outbox.append(entry)
        self.send()
        return str(entry["form_id"])

    def go_on(self) -> None:
        """Go to the next response."""
        self.send(self.screen["at"] + 1)

    def send(self, at: int | None = None) -> None:
        """Send the outbox, from another place in the session if one is named."""
        self._number += 1
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragment
        message.rerun_script.page_script_hash = self._page
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self._component
        here = self.screen["at"] if at is None else at
        outbox = {"entries": self.outbox, "at": here, "n": self._number, "finish": False}
        state.json_value = json.dumps({"outbox": outbox})
        self._run(message)
        assert self.screen["seen"] == self._number, self.screen["seen"]
        assert not self.screen["refused"], self.screen["refused"]
        self.problems += self.screen["problem"] is not None
        self.outbox = [entry for entry in self.outbox if entry["form_id"] not in self.screen["stored"]]

    def _run(self, message: BackMsg) -> None:
        """Send a message and read until the server is done with it."""
        self._socket.send(message.SerializeToString())
        while True:
            got = ForwardMsg.FromString(self._socket.recv(PATIENCE_S))
            kind = got.WhichOneof("type")
            if kind == "new_session":
                self._page = got.new_session.page_script_hash
            elif kind == "delta":
                self._look_at(got)
            elif kind == "script_finished" and got.script_finished in _WELL:
                return

    def _look_at(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component" and _COMPONENT in element.bidi_component.component_name:
            self._component = element.bidi_component.id
            self._fragment = message.delta.fragment_id
            self.screen = json.loads(element.bidi_component.json)
