/** Threads of Python that stand still in a call, and what Ctrl-C finds then. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { linesWith, tracePython, VERSION } from './trace-python.ts';

/** Ctrl-C once the main thread has stood still for longer than what counts. */
const INTERRUPT = `
import os, signal, threading, time
def interrupt():
    time.sleep(1.3)
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
    assert.match(stderr, /line 5, in fetch\n(?:.*\n){1,2}(?:TimeoutError|socket\.timeout)/);
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
});
