"""Years and months in paths: few digits, so that `/2024/` is a year and `/99999/` none."""

from typing import Final

from starlette.convertors import Convertor, register_url_convertor


class _UpToFourDigits(Convertor[int]):
    regex = "[0-9]{1,4}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


NAME: Final = "digits"
# Starlette looks convertors up by name when a route is declared, which is at import.
register_url_convertor(NAME, _UpToFourDigits())
