"""The faults of a file that several readers meet, said in one way."""

from riskdata.errors import ReadError


def damaged(name: str, why: str = "") -> ReadError:
    """Return the error for a file that ends too soon or holds what its kind of file cannot.

    why: what a library says of it, for whoever is asked for help.
    """
    said = f" ({why[:80]})" if why else ""
    return ReadError(
        f"{name}: filen är skadad eller inte hel{said}. Hämta eller exportera den på nytt; går "
        "den att öppna i Excel eller Word, så spara den därifrån som ny fil."
    )


def protected(name: str) -> ReadError:
    """Return the error for a file that asks for a password."""
    return ReadError(
        f"{name}: filen är skyddad med lösenord. Öppna den med lösenordet, ta bort skyddet "
        "(Arkiv > Info > Skydda), spara och kör igen."
    )
