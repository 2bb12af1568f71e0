"""A service on a socket that takes lines, and ends when it is told so."""
import socket
import socketserver
import threading


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            word = line.decode().strip()
            if word == "quit":
                self.wfile.write(b"bye\n")
                self.end()
            self.wfile.write(b"%d letters\n" % len(word))

    def end(self): self.server.shutdown()


def client(address):
    with socket.create_connection(address) as connection:
        connection.sendall(b"hello\nquit\n")
        print(connection.makefile().readline().strip())


with socketserver.TCPServer(("127.0.0.1", 0), Lines) as server:
    thread = threading.Thread(target=client, args=(server.server_address,))
    thread.start()
    server.serve_forever()
    thread.join()
print("ended")
