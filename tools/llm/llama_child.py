"""The process llama.cpp's server lives in. A script, run with `python -P`; it imports nothing of this project.

A process of its own, because the library aborts on a broken model file, prints where it likes, and gives its memory
back only by ending. Reads one JSON line from stdin, answers one JSON line {"url": …} on the stdout it was born with,
then serves until stdin closes, which it does however the parent ends.
"""

import json
import os
import signal
import sys
from typing import Any


def serve(wanted: dict[str, Any], answer: int) -> None:
    """`wanted`: path, context (tokens of all slots), slots, reading and writing (threads),
    key, memory_mb; `answer`: file descriptor."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wanted["path"]
    params.n_ctx = wanted["context"]
    params.n_parallel = wanted["slots"]
    params.cpuparams.n_threads = wanted["writing"]
    params.cpuparams_batch.n_threads = wanted["reading"]
    params.cpuparams.poll = 0  # threads that wait asleep: three times faster when others want the cores
    params.cache_ram_mib = wanted["memory_mb"]
    params.use_jinja = True
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system picks a free one
    params.api_keys = [wanted["key"]]  # any page in a browser and any user of this machine can reach a local port
    params.cors_origins = "http://127.0.0.1"
    params.ui = False
    server = xllamacpp.Server(params)
    os.write(answer, json.dumps({"url": server.listening_address}).encode() + b"\n")
    os.close(answer)
    sys.stdin.buffer.read()
    os._exit(0)  # the library's own clean-up waits for calls nobody wants any more


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; we end when it does
    born_with = os.dup(1)
    os.dup2(2, 1)  # whatever the library prints goes to the log
    serve(json.loads(sys.stdin.buffer.readline()), born_with)
