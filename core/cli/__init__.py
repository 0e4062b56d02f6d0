"""The command line `cross-review`: everything long or scriptable, without a browser.

Every command ends with 0 (done), 1 (a problem the user can fix, one line on standard error) or 2 (wrong usage); with
`--json` the last line of standard output is one JSON object.
"""

import typer

from core.cli.agreement import agreement_command
from core.cli.anchors import anchors_command
from core.cli.asking import judge_command, respond_command
from core.cli.benchmark import export_command, import_command
from core.cli.doctor import doctor_command
from core.cli.labels import export_labels_command, import_labels_command
from core.cli.people import invite_command
from core.cli.plans import plan_command
from core.cli.prices import price_command
from core.cli.report import report_command
from core.cli.responses import import_responses_command
from core.cli.scores import scores_command
from core.cli.training import freeze_command, train_command
from core.db import wait_for_other_writers

command = typer.Typer(name="cross-review", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
command.command("import")(import_command)
command.command("import-responses")(import_responses_command)
command.command("export")(export_command)
command.command("export-labels")(export_labels_command)
command.command("import-labels")(import_labels_command)
command.command("respond")(respond_command)
command.command("judge")(judge_command)
command.command("price")(price_command)
command.command("anchors")(anchors_command)
command.command("invite")(invite_command)
command.command("plan")(plan_command)
command.command("scores")(scores_command)
command.command("agreement")(agreement_command)
command.command("report")(report_command)
command.command("freeze")(freeze_command)
command.command("train")(train_command)
command.command("doctor")(doctor_command)


def main() -> None:
    """Run the command line."""
    wait_for_other_writers()
    command()
