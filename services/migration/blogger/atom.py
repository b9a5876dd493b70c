"""Atom's names, which both of Blogger's formats are made of."""

from typing import Final

ATOM: Final = "{http://www.w3.org/2005/Atom}"
ENTRY: Final = f"{ATOM}entry"
