"""The codec of python-zeroconf over the very bytes that ours wrote: a line with a request in, one with a result out."""

import base64
import json
import sys
from time import perf_counter_ns

from zeroconf import DNSIncoming, DNSOutgoing


def read(packet):
    message = DNSIncoming(packet)
    return message, message.questions, message.answers()


def parts_of(packet):
    """What is written: the records of each section, as they were read."""
    message, questions, records = read(packet)
    answers = records[: message.num_answers]
    authorities = records[message.num_answers : message.num_answers + message.num_authorities]
    additionals = records[message.num_answers + message.num_authorities :]
    return message.flags, questions, answers, authorities, additionals


def write(parts):
    flags, questions, answers, authorities, additionals = parts
    message = DNSOutgoing(flags)
    for question in questions:
        message.add_question(question)
    for record in answers:
        message.add_answer_at_time(record, 0)
    for record in authorities:
        # Its method for this takes PTR records only.
        message.authorities.append(record)
    for record in additionals:
        message.add_additional_answer(record)
    return message.packets()


def measure(call, items, milliseconds):
    """Microseconds of one call, over as many calls as fill the time."""
    start = perf_counter_ns()
    end = start + milliseconds * 1_000_000
    calls = 0
    now = start
    while now < end:
        for _ in range(16):
            call(items[calls % len(items)])
            calls += 1
        now = perf_counter_ns()
    return (now - start) / 1e3 / calls


def answer(asked):
    packets = [base64.b64decode(packet) for packet in asked["packets"]]
    if asked["operation"] == "decode":
        return {"microseconds": measure(read, packets, asked["milliseconds"])}
    parts = [parts_of(packet) for packet in packets]
    if asked["operation"] == "encode":
        return {"microseconds": measure(write, parts, asked["milliseconds"])}
    return {"records": [sum(map(len, part[2:])) for part in parts]}


for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as error:  # the table says what went wrong
        result = {"error": str(error)}
    print(json.dumps(result), flush=True)
