"""A page and what it needs, each asked for by a connection of its own, which is kept."""
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"this is {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


class Browser:
    def __init__(self, port):
        self.port = port
        self.kept = []

    def load(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.kept.append(connection)
        connection.request("GET", path)
        # The answer comes here.
        return connection.getresponse().read().decode()


server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
threading.Thread(target=server.serve_forever, name="pages", daemon=True).start()
browser = Browser(server.server_port)
for path in ("/", "/style.css"):
    print(browser.load(path))
