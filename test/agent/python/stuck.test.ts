/** Threads of Python that stand still in a call, and what Ctrl-C finds then. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isAtLeast, linesWith, tracePython, VERSION } from './trace-python.ts';

/** Ctrl-C once the main thread has stood still for longer than what counts. */
const INTERRUPT = `
import os, signal, threading, time
def interrupt():
    time.sleep(2.5)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
`;

describe('threads of Python that stand still', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  it('wait where they read, write, accept and select, and look as untraced when that fails', () => {
    const { parts, stderr } = tracePython(`
import selectors, socket, subprocess, sys, traceback
a, b = socket.socketpair()
def fetch():
    return a.recv(3)
b.sendall(b"hello")
print(fetch(), a.recv_into(bytearray(2)))
a.settimeout(0.01)
try: fetch()
except OSError: traceback.print_exc()
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
server.accept()[0].close()
chooser = selectors.DefaultSelector()
chooser.register(client, selectors.EVENT_READ)
print(len(chooser.select(1)))
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(child.communicate("line")[0], type(child.stdout.buffer.raw).__name__)
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
child.stdin.write(b"raw")
child.stdin.close()
print(child.stdout.read(), child.wait())
`);
    assert.match(stderr, /line 5, in fetch\n(?:.*\n){1,2}(?:TimeoutError|socket\.timeout)/);
    if (!isAtLeast(3, 11)) return;
    const waits = linesWith(parts[0]!, ' wait id=1 ', 'reason=io');
    const names = [
      ...new Set(
        linesWith(parts[0]!, ' resourceBegin ', 'kind=io').map((line) => /name="(.*?)"/.exec(line)![1]),
      ),
    ];
    assert.deepEqual(names, [
      ...['socket.sendall', 'socket.recv', 'socket.recv_into', 'socket.connect', 'socket.accept', 'select'],
      ...['Popen.communicate', 'stdin of a child process', 'stdout of a child process', 'Popen.wait'],
    ]);
    assert.match(waits[1]!, /function fetch|call fetch/);
  });

  it('leave sockets alone that do not block', () => {
    const { parts } = tracePython(`
import socket
a, b = socket.socketpair()
a.setblocking(False)
try: a.recv(1)
except BlockingIOError: print("nothing yet")
`);
    assert.equal(linesWith(parts[0]!, ' wait ').length, 0);
  });

  it('in a call that no hook sees are found where Ctrl-C finds them', () => {
    const { parts } = tracePython(`${INTERRUPT}
read, write = os.pipe()
def read_line():
    return os.read(read, 10)
read_line()
`);
    const waits = linesWith(parts[0]!, ' wait id=1 ');
    assert.match(waits.at(-1)!, /program\.py:10:.*read_line/);
    assert.equal(linesWith(parts[0]!, ' resourceBegin ', 'name="a call that is not seen into"').length, 1);
  });

  it('are not taken for those that compute', () => {
    const { parts } = tracePython(`${INTERRUPT}
def compute():
    while True: pass
compute()
`);
    assert.equal(linesWith(parts[0]!, ' resourceBegin ', 'not seen into').length, 0);
    assert.match(linesWith(parts[0]!, ' fact ', 'stood-at')[0]!, /program\.py:9:/);
  });

  it('leave no false claim where who is inside of the same object goes on by itself', () => {
    const { parts } = tracePython(`${INTERRUPT}
import threading
gate = threading.Semaphore(1)
class Pool:
    def connect(self): return gate
pool = Pool()
def use():
    with pool.connect():
        time.sleep(30)
threading.Thread(target=use, daemon=True).start()
time.sleep(0.1)
def nested():
    with pool.connect():
        pass
nested()
`);
    assert.equal(linesWith(parts[0]!, ' fact ', 'asks-again').length, 0);
  });

  it('of a server are not taken for stuck while another thread stops it', () => {
    const { findings } = tracePython(`
import http.server, threading, urllib.request
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        threading.Thread(target=self.server.shutdown).start()
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever, name="server")
thread.start()
print(urllib.request.urlopen("http://127.0.0.1:%d/" % server.server_port).status)
thread.join()
server.server_close()
`);
    assert.deepEqual(
      findings.filter((finding) => !finding.startsWith('info')),
      [],
    );
  });

  it('share locks between processes, whose resource and token each of them tells', () => {
    const { parts } = tracePython(`
import multiprocessing
def add(lock, total):
    with lock:
        total.value += 1
if __name__ == "__main__":
    lock, total = multiprocessing.Lock(), multiprocessing.Value("i", 0)
    children = [multiprocessing.Process(target=add, args=(lock, total)) for _ in range(2)]
    for child in children: child.start()
    for child in children: child.join()
    print(total.value, lock.acquire(False), lock.acquire(timeout=0.01), lock.release())
    queue = multiprocessing.Queue()
    queue.put(1)
    print(queue.get())
`);
    const tokens = parts
      .flatMap((part) => linesWith(part, ' fact ', 'shared-lock'))
      .map((line) => /text="(.*?)"/.exec(line)![1]);
    assert.equal(tokens.length, 3);
    assert.equal(new Set(tokens).size, 1);
    for (const part of parts)
      assert.equal(linesWith(part, ' acquire ').length, linesWith(part, ' release ').length);
  });

  it('keep a callback that fails quiet, and tell of it', () => {
    const { findings, stderr } = tracePython(
      `
from concurrent.futures import ThreadPoolExecutor
def note(future): raise LookupError("nothing")
with ThreadPoolExecutor(1) as pool:
    pool.submit(int).add_done_callback(note)
`,
      { varies: true },
    );
    assert.match(stderr, /exception calling callback/);
    assert.match(
      findings[0]!,
      /^error uncaught-error: Nobody handled LookupError: nothing, thrown at program\.py:3 in `note`, a done callback that was added at program\.py:5/,
    );
  });
});
