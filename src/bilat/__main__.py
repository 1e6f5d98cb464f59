# SPDX-License-Identifier: Apache-2.0
from bilat.cli import main

main()
