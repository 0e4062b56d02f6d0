"""The app as people start it: its own process, its own workspace, a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from core.config import PROJECT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class AppServer:
    """A running app; `stop` and `start` again keep workspace and port."""

    def __init__(self, home: Path, *, person: str | None = None) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._person = person
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What this app and commands on its workspace run with."""
        given = {"CROSS_REVIEW_HOME": str(self.home), "PORT": str(self.port)}
        return os.environ | given | ({"CROSS_REVIEW_PERSON": self._person} if self._person else {})

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "server.log").open("ab") as log:
            command = [sys.executable, "-m", "pages.components.server"]
            self._process = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.home / "server.log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `cross-review` on this app's workspace."""
        command = [sys.executable, "-m", "core.cli", *words]
        return subprocess.run(command, env=self.environment, cwd=PROJECT, capture_output=True, text=True, check=False)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False
