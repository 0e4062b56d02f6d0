"""The command that says what is configured and what is missing."""

from core.cli.outcome import AsJson, outcome
from core.doctor import checks


def doctor_command(as_json: AsJson = False) -> None:
    """Say what is configured, what is missing, and what to do."""
    with outcome(as_json) as result:
        found = checks()
        for check in found:
            result.say(f"{'ok     ' if check.ok else 'MISSING'}  {check.name}: {check.detail}")
            if check.advice:
                result.say(f"         {check.advice}")
        result.fields = {"checks": [vars(check) for check in found]}
        failed = [check for check in found if not check.ok and check.needed]
        if failed:
            result.problem = f"{failed[0].name}: {failed[0].detail}. {failed[0].advice}"
