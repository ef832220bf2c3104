"""An S3 server (moto's) that stops, starts again with what it had, and refuses requests, as standard input says.

Prints its port, and then a line for each command: "stop", "start", "refuse N" (every Nth request gets a 503; 0 for none),
"parts" (how often each part of each upload was put), "names", "put KEY TEXT", "delete KEY".
"""

import collections
import itertools
import json
import sys
import threading

import boto3
from botocore.config import Config
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "archive"
application = DomainDispatcherApplication(create_backend_app)
state = {"refuse": 0}
counter = itertools.count(1)
parts = collections.Counter()


class Silent(WSGIRequestHandler):
    def log(self, *_):
        pass


def faulty(environ, start_response):
    number = next(counter)
    if state["refuse"] and number % state["refuse"] == 0:
        start_response("503 Slow Down", [("Content-Type", "text/plain")])
        return [b"come back later"]
    if environ["REQUEST_METHOD"] == "PUT" and "partNumber" in environ["QUERY_STRING"]:
        number = dict(pair.split("=", 1) for pair in environ["QUERY_STRING"].split("&"))["partNumber"]
        parts[environ["PATH_INFO"] + " " + number] += 1
    return application(environ, start_response)


def start(port):
    server = make_server("127.0.0.1", port, faulty, threaded=True, request_handler=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def client(port):
    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
                        aws_access_key_id="key", aws_secret_access_key="secret",
                        # It is refused now and then as everybody is.
                        config=Config(retries={"mode": "standard", "max_attempts": 10}))


server = start(0)
port = server.server_port
client(port).create_bucket(Bucket=BUCKET)
print(port, flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    answer = "ok"
    if command == "stop":
        server.shutdown()
        server.server_close()
    elif command == "start":
        server = start(port)
    elif command == "refuse":
        state["refuse"] = int(rest[0])
    elif command == "parts":
        answer = json.dumps(parts)
    elif command == "names":
        pages = client(port).get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        answer = json.dumps([each["Key"] for page in pages for each in page.get("Contents", [])])
    elif command == "put":
        client(port).put_object(Bucket=BUCKET, Key=rest[0], Body=rest[1].encode())
    elif command == "delete":
        client(port).delete_object(Bucket=BUCKET, Key=rest[0])
    print(answer, flush=True)
