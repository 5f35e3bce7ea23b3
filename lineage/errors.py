"""What the rules refuse, said so that whoever reads it knows what to do."""


class LineageError(Exception):
    """A change that cannot be recorded. The ledger stays as it was."""


class Unknown(LineageError):
    """The ledger has never heard of this ticket, item, part or person."""
