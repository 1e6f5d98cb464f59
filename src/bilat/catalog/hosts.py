# SPDX-License-Identifier: Apache-2.0
"""The hosts of addresses, and which of them are on this machine or in a private network."""

from __future__ import annotations

import ipaddress
import socket

from bilat.catalog.http_client import httpx_library


def host_of(address: str) -> str:
    """Return the host of an address."""
    return str(httpx_library().URL(address).host)


def is_local(host: str) -> bool:
    """Return whether a host is an address of this machine or of a private network.

    A name that cannot be resolved here (behind a proxy none can) is not known to be one.
    """
    try:
        found = {str(e[4][0]) for e in socket.getaddrinfo(host.strip("[]"), None)}
    except (OSError, UnicodeError):
        return False
    return not all(is_public(a.split("%")[0]) for a in found)


#: Addresses of IPv6 behind which a gateway reaches one of IPv4 (RFC 6052).
_BEHIND_GATEWAY = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Return whether an address can be that of a publisher; one that wraps another is that one."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _BEHIND_GATEWAY:
            wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or not all(a.is_global for a in wrapped if a):
            return False
    return address.is_global and not address.is_multicast
