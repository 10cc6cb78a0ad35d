"""Parses XML and HTML that anybody may have made: nothing is fetched, no entity is expanded."""

from lxml import etree, html

from riskdata.errors import ReadError

# libxml2 itself stops at texts over 10 MB and at elements nested too deep (huge_tree=False).
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML document.

    Raises ReadError when it declares entities, as no export does.
    """
    if b"<!ENTITY" in content.replace(b"\0", b""):  # in UTF-16 too
        raise ReadError(
            f"{name}: filen definierar egna entiteter (<!ENTITY …>), vilket ingen export gör: den "
            "kan vara gjord för att skada. Exportera rapporten på nytt ur källsystemet."
        )
    return etree.fromstring(content, etree.XMLParser(**_SAFE))


def parse_html(printed: str, name: str) -> etree._Element:
    """Return the root of an HTML document.

    Raises ReadError where the parser gave up before the end: what it left out would be lost.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = html.document_fromstring(printed.encode("utf-8"), parser=parser)
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise ReadError(
            f"{name}: webbsidan har en cell på flera miljoner tecken eller är nästlad i hundratals "
            "nivåer, så som ingen export är. Exportera rapporten på nytt."
        )
    return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return value
    return default


def is_layout(table: etree._Element, tag: str, cells: tuple[str, ...]) -> bool:
    """Return whether a table only puts other tables in place: most of its cells are theirs."""
    inner = [t for t in table.iter(tag) if t is not table]
    theirs = sum(1 for t in inner for _ in t.iter(*cells))
    return 2 * theirs > sum(1 for _ in table.iter(*cells))
