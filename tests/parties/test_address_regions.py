# SPDX-License-Identifier: Apache-2.0
"""Hong Kong and Macao in addresses that a list puts in China."""

import pytest

from bilat.places.address_regions import place_of_address


@pytest.mark.parametrize(
    ("state", "text", "city", "place"),
    [
        ("CHN", "1 Made Up Road, Kowloon, Hong Kong, China", "", "HKG"),
        ("CHN", "Hong Kong 999077, China", "Hong Kong 999077", "HKG"),
        ("CHN", "Macau, China", "Macau", "MAC"),
        ("CHN", "China", "Hong Kong", "HKG"),
        ("CHN", "100 Hong Kong Middle Road, Qingdao, China", "Qingdao", "CHN"),
        ("CHN", "Hongkong-Macau Center, Beijing, China", "Beijing", "CHN"),
        ("HKG", "1 Made Up Road, Kowloon, Hong Kong", "Kowloon", "HKG"),
        ("RUS", "Hong Kong, Moscow, Russia", "Moscow", "RUS"),
    ],
)
def test_hong_kong_is_read_from_the_parts_of_an_address(
    state: str, text: str, city: str, place: str
) -> None:
    assert place_of_address(state, text, city) == place
