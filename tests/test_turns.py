"""Turns: one at a time, whoever waited longest first, and nobody waits for ever."""

import threading
import time

from core.turns import Turns


def test_turns_come_in_the_order_of_asking():
    turns, came = Turns(), []
    assert turns.take(1)

    def ask(number):
        assert turns.take(10)
        came.append(number)
        turns.give()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for waiting, thread in enumerate(threads, start=1):
        thread.start()
        _until(lambda waiting=waiting: len(turns._waiting) == waiting)
    turns.give()
    for thread in threads:
        thread.join()
    assert came == list(range(8))


def test_two_never_hold_a_turn_at_once():
    turns, held, most = Turns(), [0], [0]

    def work():
        for _ in range(200):
            assert turns.take(10)
            held[0] += 1
            most[0] = max(most[0], held[0])
            time.sleep(0)
            held[0] -= 1
            turns.give()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_who_gave_up_waiting_is_passed_over():
    turns = Turns()
    assert turns.take(1)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0.01)


def _until(is_so):
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)
