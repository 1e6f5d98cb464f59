# SPDX-License-Identifier: Apache-2.0
"""Run ``bilat update`` in a process whose internet is a server on loopback.

Usage: whole_update.py ADDRESSES PORT ARGUMENTS... , where ADDRESSES is a JSON object of host -> IP address.
"""

import json
import sys

from recorded import turn_to_loopback

if __name__ == "__main__":
    turn_to_loopback(json.loads(sys.argv[1]), int(sys.argv[2]))
    sys.argv = ["bilat", *sys.argv[3:]]
    from bilat.cli import main

    main()
