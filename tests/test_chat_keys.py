"""Keys and addresses of endpoints: what is refused, what is scrubbed, what goes along and what does not."""

import base64

import pytest

from core.chat.address import checked_base_url, is_this_machine
from core.chat.exchange import CallFailure, Reply
from core.chat.keys import checked_key_name, key_named, needed_key, scrubbed
from core.errors import UserError
from tests.chat_builders import KEY, ask
from tests.fakes import StubEndpoint


def test_the_key_goes_into_the_header_and_comes_back_in_no_message(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    with StubEndpoint(require_key="another") as stub:
        failure = ask(stub, key_env="MY_KEY")
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"
    assert isinstance(failure, CallFailure)
    assert KEY not in repr(failure)
    assert "Incorrect API key provided: [key]" in failure.message


def test_a_reply_that_repeats_the_key_is_scrubbed(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    encoded = base64.b64encode(KEY.encode()).decode()
    with StubEndpoint() as stub:
        stub.script = [{"content": f"{KEY} and {encoded}"}]
        reply = ask(stub, key_env="MY_KEY")
    assert isinstance(reply, Reply)
    assert reply.text == "[key] and [key]"


def test_an_endpoint_without_a_key_never_gets_the_one_of_another(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with StubEndpoint() as stub:
        ask(stub)
    assert KEY not in str(stub.headers)


def test_a_redirect_is_not_followed():
    with StubEndpoint() as elsewhere, StubEndpoint() as stub:
        stub.script = [{"status": 307, "headers": {"location": f"{elsewhere.url}/chat/completions"}}]
        assert isinstance(ask(stub), CallFailure)
    assert elsewhere.calls == []


def test_a_key_comes_from_the_secrets_file_too(monkeypatch, tmp_path):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('ELSEWHERE_KEY = "from the file"\n', encoding="utf-8")
    monkeypatch.setattr("core.chat.keys._SECRETS", (secrets,))
    assert key_named("ELSEWHERE_KEY") == "from the file"
    monkeypatch.setenv("ELSEWHERE_KEY", "from the environment")
    assert key_named("ELSEWHERE_KEY") == "from the environment"


def test_a_key_that_is_not_set_is_a_problem_that_names_its_variable(monkeypatch):
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)
    with pytest.raises(UserError, match="NOT_SET_ANYWHERE is not set"):
        needed_key("NOT_SET_ANYWHERE")


@pytest.mark.parametrize("typed", ["sk-abc123", "my key", "KEY=1", "a" * 200, "sk_live_123"])
def test_a_key_typed_in_place_of_its_name_is_refused_and_not_repeated(typed):
    with pytest.raises(UserError) as refused:
        checked_key_name(typed)
    assert typed not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host/v1",
        "api.openai.com/v1",
        "https://user:pass@host/v1",
        "https://host/v1?key=1",
        "http://",
        "http://a b",
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(address):
    with pytest.raises(UserError):
        checked_base_url(address)


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://10.0.0.3/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_what_stays_on_this_machine_is_known(address, stays):
    assert is_this_machine(address) is stays


def test_nothing_else_of_the_environment_goes_along(monkeypatch):
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {KEY}\nX-Other: {KEY}")
    with StubEndpoint() as stub:
        assert isinstance(ask(stub), Reply)
    assert KEY not in str(stub.headers)


@pytest.mark.parametrize(
    "name", ["PATH", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "gsk_abc", "AIzaSyabc"]
)
def test_variables_of_other_things_are_never_sent(name):
    with pytest.raises(UserError):
        checked_key_name(name)


def test_a_key_spelled_in_json_escapes_is_scrubbed():
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    assert scrubbed(f'{{"rationale": "{spelled}"}}', KEY) == '{"rationale": "[key]"}'
