"""Where a host's name leads: one that leads into this machine or a private network is none of a public site's.

Who owns a name decides where it leads, so a list of hosts alone does not keep a link from asking what stands beside us.
"""

import ipaddress
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred

from newscrawl.middlewares.refusals import Refusal

if TYPE_CHECKING:
    from twisted.internet.interfaces import IAddress, IHostResolution


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    found = ipaddress.ip_address(address)
    mapped = (found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None) or found
    return mapped.is_global and not mapped.is_multicast


def check_public(host: str, addresses: list[str]) -> None:
    """Raise Refusal("refused") where a name leads to an address that is not public."""
    for address in addresses:
        if not is_public(address):
            told = f"{host} leads to {address}, which is no public address"
            raise Refusal("refused", f"{told} (if that is right, name the host in newscrawl.toml: hosts)")


def addresses_of(host: str, resolver: Any) -> "Deferred[list[str]]":
    """The IP addresses of a name by Twisted's resolver, as the connection will be made to them; none where it has none.

    Scrapy's resolver keeps what it found, so that the name cannot lead elsewhere a moment later.
    """
    receiver = _Addresses()
    resolver.resolveHostName(receiver, host)
    return receiver.found


class _Addresses:
    """Twisted's IResolutionReceiver."""

    def __init__(self) -> None:
        self.found: Deferred[list[str]] = Deferred()
        self._addresses: list[str] = []

    def resolutionBegan(self, resolution: "IHostResolution") -> None:  # noqa: N802 - Twisted's names
        """Nothing to do."""

    def addressResolved(self, address: "IAddress") -> None:  # noqa: N802
        self._addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.found.callback(self._addresses)
