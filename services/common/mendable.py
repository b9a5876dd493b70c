"""What an operator can mend: said as a sentence, never as a traceback."""


class MendableError(Exception):
    """Its text names what is wrong in the operator's words."""
