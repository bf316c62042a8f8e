"""The mailbox keeps one value, the newest, whatever two threads do."""

import threading

from kgui.training.mailbox import Mailbox


def test_an_empty_mailbox_gives_none() -> None:
    assert Mailbox[int]().latest() is None


def test_the_newest_value_replaces_the_others_and_stays() -> None:
    mailbox = Mailbox[str]()
    mailbox.put("old")
    mailbox.put("new")
    assert mailbox.latest() == "new"
    assert mailbox.latest() == "new"


def test_values_from_another_thread_arrive_in_order_and_the_last_one_for_certain() -> None:
    mailbox = Mailbox[int]()
    writer = threading.Thread(target=lambda: [mailbox.put(number) for number in range(20_000)])
    writer.start()
    seen = []
    while writer.is_alive():
        seen.append(mailbox.latest() or 0)
    writer.join()
    assert seen == sorted(seen)
    assert mailbox.latest() == 19_999
