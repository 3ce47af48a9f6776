"""Reads every request as a small Python server would: names of headers folded as CGI folds them, json and urllib."""

import gzip
import io
import json
import os
import sys
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree
from urllib.parse import parse_qs, unquote, urlsplit

try:
    from botocore.parsers import RpcV2CBORParser
except ImportError:
    RpcV2CBORParser = None


def plain(value):
    if isinstance(value, datetime):
        return {"timestamp": value.timestamp()}
    return {"bytes": value.hex()} if isinstance(value, bytes) else str(value)


def cbor(body):
    if RpcV2CBORParser is None:
        return None
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))


class Reader(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def read(self):
        environ = {}
        for name, value in self.headers.items():
            environ[name.upper().replace("-", "_")] = value
        body = self.rfile.read(int(environ.get("CONTENT_LENGTH", "0")))
        address = urlsplit(self.path)
        reading = {
            "path": unquote(address.path),
            "target": environ.get("X_AMZ_TARGET"),
            "query": parse_qs(address.query, keep_blank_values=True),
        }
        if environ.get("CONTENT_ENCODING", "").lower() == "gzip":
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read()
        kind = self.headers.get_content_type()
        charset = self.headers.get_content_charset() or "utf-8"
        if kind == "application/x-www-form-urlencoded":
            reading["form"] = parse_qs(body.decode(charset), keep_blank_values=True)
        elif kind == "application/cbor":
            reading["data"] = cbor(body) if body else {}
        elif "json" in kind:
            reading["data"] = json.loads(body.decode(charset)) if body else {}
        elif "xml" in kind:
            root = ElementTree.fromstring(body)
            reading["keys"] = [key.text or "" for key in root.findall("{*}Object/{*}Key")]
        return reading

    def answer(self):
        try:
            reading = self.read()
        except Exception as error:  # What cannot be read is not read as something else.
            reading = {"unreadable": repr(error)}
        out = json.dumps(reading, default=plain).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", 0), Reader)
print(server.server_port, flush=True)
server.serve_forever()
