#!/usr/bin/env python3
"""A system server that asks ups serve. Each line of the standard input is a request,
the SID of a client and a destination; each line of the output is what becomes of it.

    python3 system_server.py ups.sock 0x1000a00a
"""

import argparse
import sys
import time

from ups_client import ALLOWED, Cancelled, Error, Gone, Session


class SystemServer:
    """A system server: one session, with a subsession for each client. Both are made
    anew when the service was away."""

    def __init__(self, args):
        self.args = args
        self.session = self.connect()
        self.subsessions = {}  # by SID

    def connect(self):
        """Connect, for some seconds again and again: the server may be about to start."""
        until, pause = time.monotonic() + self.args.patience, 0.05
        while True:
            try:
                return Session(self.args.socket)
            except Gone:
                if time.monotonic() > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 1)

    def subsession(self, sid):
        if self.session.lost:
            self.session, self.subsessions = self.connect(), {}
        if sid not in self.subsessions:
            self.subsessions[sid] = self.session.open({"sid": sid, "drive": self.args.drive})
        return self.subsessions[sid]

    def decide(self, sid, destination):
        """Say whether the client may, and why. Whatever goes wrong, it may not."""
        try:
            response = self.subsession(sid).authorise(
                self.args.service, destination, self.args.passed, self.args.wait
            )
        except (Error, Gone, Cancelled) as e:
            if isinstance(e, Gone):
                self.session.close()  # if it doesn't know yet
            return f"refused, {type(e).__name__.lower()}: {e}"
        allowed = "allowed" if response.get("decision") in ALLOWED else "refused"
        return f"{allowed}, {describe(response)}"


def describe(response):
    """Say how an answer came about, such as "session-yes by policy 3 (prompt)"."""
    decision, outcome = response.get("decision", ""), response.get("outcome", {})
    text = decision.replace("DECISION_", "").replace("_", "-").lower()
    if "policy" in outcome:
        policy = outcome["policy"]
        index = policy.get("index", 0) + 1  # zero isn't sent
        text += " by the default policy" if policy.get("default") else f" by policy {index}"
    return f"{text} ({outcome.get('source', '').replace('SOURCE_', '').lower()})"


def answer(server, request):
    sid, _, destination = request.partition(" ")
    try:
        return server.decide(number(sid), destination)
    except ValueError:
        return "not a request: SID DESTINATION"


def number(text):
    return int(text, 0)  # also in hexadecimal


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("socket", help="the Unix socket of ups serve")
    parser.add_argument("service", type=number, help="UID of the service that is requested")
    parser.add_argument("--drive", default="c", help="drive that the clients were started from")
    parser.add_argument("--passed", action="store_true", help="the clients passed the own check")
    parser.add_argument("--wait", type=float, help="seconds that the user has for an answer")
    parser.add_argument("--patience", type=float, default=5, help="seconds to wait for the server")
    args = parser.parse_args()
    try:
        server = SystemServer(args)
        for line in sys.stdin:
            request = line.rstrip("\n")
            print(f"{request}: {answer(server, request)}", flush=True)
        server.session.close()
    except (Error, Gone) as e:
        sys.exit(f"{args.socket}: {e}")
    except KeyboardInterrupt:
        sys.exit(130)  # what was under way has been hung up on


if __name__ == "__main__":
    main()
