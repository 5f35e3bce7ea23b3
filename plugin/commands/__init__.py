"""The command line. One small file per family; whatever is heavy is imported when a command runs."""

import click

from plugin.commands import (
    backing_up,
    connect,
    deciding,
    demand,
    demo,
    doctor,
    erasing,
    export,
    failures,
    follow,
    forge,
    importing,
    link,
    look,
    mapping,
    notices,
    operators,
    policy,
    pushing,
    questions,
    rebuild,
    server,
    tell,
    wording,
    workspace,
    zendesk_app,
)
from plugin.commands.explaining import Explaining


@click.group(
    cls=Explaining, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="kithspark", prog_name="kithspark")
def main() -> None:
    """Keeps the thread between a customer's problem and the work that answers it."""


for command in (
    demo.demo,
    server.migrate,
    server.serve,
    server.work,
    doctor.doctor,
    workspace.workspace,
    connect.connect,
    workspace.attach,
    forge.forge,
    zendesk_app.zendesk_app,
    operators.operator,
    policy.policy,
    mapping.map_,
    link.link,
    link.unlink,
    deciding.title,
    deciding.split,
    deciding.assign,
    look.look,
    look.sync,
    demand.demand,
    pushing.push,
    questions.trace,
    notices.notices,
    notices.approve,
    notices.cancel,
    notices.dismiss,
    notices.pause,
    notices.resume,
    tell.tell,
    notices.opt_out,
    follow.follow,
    wording.wording,
    failures.failures,
    rebuild.rebuild,
    importing.import_,
    export.export,
    erasing.erase,
    backing_up.backup,
    backing_up.restore,
):
    main.add_command(command)
