"""A client of ups serve, with nothing but Python's standard library (3.8 or later).

A system server holds a Session, opens a Subsession for each of its clients, and has
it authorise what the client requests:

    session = Session("/run/ups.sock")
    subsession = session.open({"sid": 0x20001234, "drive": "c"})
    answer = subsession.authorise(0x1000A00A, "+44791")
    if answer["decision"] in ALLOWED: ...

The API is runtime/api/ups/v1/ups.proto, in the JSON of the Connect protocol
(https://connectrpc.com/docs/protocol): a call is an HTTP POST, and a stream has five
bytes before each message. In this JSON, bytes are base64 and 64-bit numbers strings;
fields that are zero are left out.
"""

import base64
import http.client
import json
import socket
import struct
import threading

MAX_MESSAGE = 1 << 20  # of the stream: the configuration of a system server is small
END_OF_STREAM = 2  # flag of the last message
CALL_TIME = 10  # seconds for a call that nobody is asked for
ALLOWED = ("DECISION_YES", "DECISION_SESSION_YES")


class Error(Exception):
    """What the service answers in place of a decision. Any error means No."""

    def __init__(self, answer):
        self.code = answer.get("code", "unknown")  # of Connect, such as "permission_denied"
        self.message = answer.get("message", "")
        self.platform = 0  # the platform's error, such as -5704
        self.name = ""  # its name, such as KErrUpsMissingDialogCreator
        self.kinds = []  # which errors of the Go packages it is, such as "service.ErrInUse"
        for detail in answer.get("details", []):
            if detail.get("type") == "ups.v1.ErrorDetail":
                self._decode(detail["value"])
        super().__init__(self.code, self.message)

    def _decode(self, value):
        """Take over an ErrorDetail. Details are protobuf, in base64 without padding."""
        for field, value in protobuf_fields(base64.b64decode(value + "=" * (-len(value) % 4))):
            if field == 1:
                self.platform = value - (1 << 64) if value >> 63 else value
            elif field == 2:
                self.name = value.decode()
            elif field == 3:
                self.kinds.append(value.decode())

    def __str__(self):
        name = "" if self.name in self.message else f" {self.name}"
        platform = f"{name} ({self.platform})" if self.platform else ""
        return f"{self.code}{platform}: {self.message}"


class Gone(Exception):
    """The server can't be reached, or went away. It isn't known what became of a
    request that was under way: it means No, and isn't to be asked again by itself."""


class Cancelled(Exception):
    """The request was cancelled, by Subsession.cancel or because its time was over."""


def protobuf_fields(message):
    """Yield number and value of each field; there are integers and bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        value = varint()
        if key & 7 == 2:  # it was the length
            value, at = message[at : at + value], at + value
        yield key >> 3, value


class Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket. The system tells the server who is at this end."""

    def __init__(self, path, wait=None):
        super().__init__("ups", timeout=wait)
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(wait)

    def connect(self):
        self.sock = self.socket
        self.sock.connect(self.path)

    def post(self, procedure, content_type, body):
        headers = {"Content-Type": content_type, "Connect-Protocol-Version": "1"}
        self.request("POST", "/ups.v1." + procedure, body, headers)
        return self.getresponse()

    def hang_up(self):
        """End what another thread is waiting for."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the call hasn't begun, or the server was faster
            self.socket.close()


def call(connection, procedure, message):
    """Make a call that has one answer, and hang up, whatever happens."""
    try:
        response = connection.post(procedure, "application/json", json.dumps(message))
        status, body = response.status, response.read()
    except socket.timeout as e:
        raise Cancelled("no answer in time") from e
    except (OSError, http.client.HTTPException) as e:
        raise Gone(str(e) or type(e).__name__) from e
    finally:
        connection.close()
    if status != 200:
        raise error_of(status, body)
    return json.loads(body)


def error_of(status, body):
    try:
        return Error(json.loads(body))
    except ValueError:  # it isn't the service that answers
        return Error({"message": f"HTTP status {status}"})


class Session:
    """A session, which lasts as long as its stream: a thread reads that."""

    def __init__(self, path):
        self.path = path
        self.services = {}  # by UID, the services that have policies; replaced when they change
        self.lost = None  # the error that has ended the session
        self._stream = Connection(path)
        try:
            response = self._open()
            self._take(self._read(response))
        except (OSError, http.client.HTTPException) as e:
            self._stream.close()
            raise Gone(str(e) or type(e).__name__) from e
        threading.Thread(target=self._stay, args=[response], daemon=True).start()

    def _open(self):
        envelope = struct.pack(">BI", 0, 2) + b"{}"
        response = self._stream.post("SessionService/Connect", "application/connect+json", envelope)
        if response.status != 200:
            raise error_of(response.status, response.read())
        return response

    def _read(self, response):
        """Read a message: a byte of flags, four of the length, and JSON."""
        flags, length = struct.unpack(">BI", self._exactly(response, 5))
        if length > MAX_MESSAGE:
            raise Gone(f"a message of {length} bytes")
        message = json.loads(self._exactly(response, length))
        if flags & END_OF_STREAM:
            raise Error(message["error"]) if "error" in message else Gone("the stream has ended")
        return message

    @staticmethod
    def _exactly(response, length):
        data = response.read(length)
        if len(data) < length:
            raise Gone("the server hung up")
        return data

    def _take(self, message):
        self.id = message["session"]
        self.services = {s["service"]: s for s in message.get("services", [])}

    def _stay(self, response):
        """Take what the server says until it, or close, ends the session."""
        try:
            while True:
                self._take(self._read(response))
        except Exception as e:  # whatever it is, the session is over
            self.lost = self.lost or e

    def open(self, client):
        """Open a subsession for a client: {"sid": 0x20001234, "drive": "c"}."""
        return Subsession(self, client)

    def close(self):
        """Hang up, which cancels the requests of the session too."""
        self.lost = self.lost or Gone("the session is closed")
        self._stream.hang_up()


class Subsession:
    """Authorises what one client requests, one request at a time. One that waits for
    the user holds up nobody else, if each client has a thread."""

    def __init__(self, session, client):
        self.session, self.client = session, client
        self.id = None  # before the server knows of it
        self._connection = None  # of the request under way
        self._cancelled = False

    def authorise(self, service, destination, passed=False, wait=None):
        """Return the AuthoriseResponse, after at most so many seconds.

        Passed is the result of the system server's own check. The user may be asked,
        which can take minutes; without wait there is no limit.
        """
        query = {"service": service, "destination": destination, "passed": passed}
        self._cancelled = False
        self._connection = Connection(self.session.path, wait)
        try:
            if self.id is None:
                self.id = self._call("OpenSubsession", client=self.client)["subsession"]
            return self._call("Authorise", self._connection, subsession=self.id, query=query)
        except Cancelled:
            self.close()
            raise
        except Gone as e:
            if not self._cancelled:
                raise
            self.close()
            raise Cancelled("cancelled") from e

    def cancel(self):
        """Cancel the request under way, from another thread: its dialog vanishes."""
        self._cancelled = True
        if self._connection:
            self._connection.hang_up()

    def close(self):
        """Close the subsession, and wait until the server has ended its request. It
        may be used again, and is another one for the server then."""
        if self.id is not None:
            subsession, self.id = self.id, None
            self._call("CloseSubsession", subsession=subsession)

    def _call(self, procedure, connection=None, **message):
        message["session"] = self.session.id
        connection = connection or Connection(self.session.path, CALL_TIME)
        return call(connection, "SessionService/" + procedure, message)
