"""What in a page could run code or draw in somebody else, found by parsing it as a browser does."""

from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from services.common.settings import ServiceSettings

EMBED_HOSTS: Final = frozenset(str(ServiceSettings.model_fields["embed_hosts"].default).split())
OWN_SCRIPTS: Final = frozenset({"/static/swagger-ui/swagger-ui-bundle.js", "/static/docs.js"})
_NEVER: Final = frozenset(
    "style svg math xmp noembed noframes plaintext template select object embed applet base frame frameset".split()
)
_URLS: Final = frozenset("href src action formaction cite poster background data longdesc srcset ping".split())
_SCHEMES: Final = frozenset({"", "http", "https", "mailto"})


def dangers(html: str) -> list[str]:
    """One line for each dangerous element or attribute; an empty list for a page that is safe."""
    found = []
    for node in LexborHTMLParser(html).css("*"):
        tag, attributes = node.tag or "", {name: value or "" for name, value in node.attributes.items()}
        if tag in _NEVER or (tag == "script" and attributes.get("src") not in OWN_SCRIPTS):
            found.append(f"<{tag}>")
        if tag == "iframe":
            found.extend(_frame_dangers(attributes))
        if tag == "meta" and "http-equiv" in attributes:
            found.append("<meta http-equiv>")
        found.extend(f"{tag}[{name}={value}]" for name, value in attributes.items() if _is_dangerous(name, value))
    return found


def _frame_dangers(attributes: dict[str, str]) -> list[str]:
    host = urlsplit(attributes.get("src", "")).netloc
    sandboxed = "sandbox" in attributes and "allow-top-navigation" not in attributes["sandbox"]
    # a frame without an address is empty
    foreign = "src" in attributes and host not in EMBED_HOSTS
    return [f"iframe of {host}"] if foreign or not sandboxed or "srcdoc" in attributes else []


def _is_dangerous(name: str, value: str) -> bool:
    if name.startswith("on") or name in {"srcdoc", "xlink:href"}:
        return True
    if name == "style":
        return any(word in value.lower() for word in ("url", "expression", "import", "behavior", "-moz-binding"))
    return name in _URLS and _scheme(value) not in _SCHEMES


def _scheme(url: str) -> str:
    """As a browser reads it: controls and spaces around do not count, nor tabs and line ends inside."""
    squeezed = "".join(one for one in url if one > " ")
    head, colon, _ = squeezed.partition(":")
    return head.lower() if colon and not set(head) & set("/?#") else ""
