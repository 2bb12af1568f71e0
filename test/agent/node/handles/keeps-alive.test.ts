import { strict as assert } from 'node:assert';
import { before, describe, it } from 'mocha';
import { atOnce } from '../../../support/at-once.ts';
import { NODES, traceProgram } from '../trace-program.ts';

/** What is listed last: "text made [later]", sites as "line function". */
async function listed(source: string, node: string): Promise<string[]> {
  const { text, code, stderr } = await traceProgram(source, { node, name: 'program.mjs', times: 'ns' });
  assert.deepEqual([code, stderr], [0, '']);
  // Without fields: as the last time.
  const facts = [...text.matchAll(/^(\d+) 0 fact (\S.*) what=keeps-alive/gm)];
  const last = facts.at(-1)?.[1];
  return facts
    .filter(([, t]) => t === last)
    .map(([, , fields]) => {
      const field = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(fields!)?.[1] ?? '';
      const line = (name: string): string => /:(\d+):/.exec(field(name))?.[1] ?? '';
      const what = field('text')
        .replace(/\d{4,5}$/, 'N')
        .replace(/process \d+/, 'process N');
      return [what, line('site'), line('called')].filter((part) => part !== '').join(' ');
    });
}

/** The program itself ends what it made, when it has been silent for long enough to be asked. */
const endLater = (end: string): string => `setTimeout(() => { ${end} }, 1600).unref();\n`;
const keepsItself = 'setTimeout(() => {}, 1700);\n';

const PROGRAMS = {
  interval: `
    const sweeper = setInterval(() => {}, 5000);
    ${endLater('clearInterval(sweeper)')}`,
  request: `
    import { createServer } from 'node:http';
    const server = createServer((request, response) => { response.write('hello'); });
    server.listen(0, '127.0.0.1', async () => {
      const answer = await fetch('http://127.0.0.1:' + server.address().port + '/events?key=1');
      globalThis.reader = answer.body.getReader();
      server.close();
    });
    ${endLater('server.closeAllConnections()')}`,
  server: `
    import { createServer } from 'node:net';
    const server = createServer();
    server.listen(0);
    ${endLater('server.close()')}`,
  worker: `
    import { Worker } from 'node:worker_threads';
    const worker = new Worker('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true });
    worker.unref();
    worker.on('message', () => {});
    ${endLater('worker.terminate()')}`,
  unrefed: `
    import { Worker } from 'node:worker_threads';
    import { createServer } from 'node:net';
    new Worker('setInterval(() => {}, 100)', { eval: true }).unref();
    setInterval(() => {}, 9000).unref();
    createServer().listen(0).unref();
    ${keepsItself}`,
  others: `
    import { spawn } from 'node:child_process';
    import { watch } from 'node:fs';
    import { connect, createServer } from 'node:net';
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'], env: {} });
    const watcher = watch('.', () => {});
    const { port1 } = new MessageChannel();
    port1.onmessage = () => {};
    const server = createServer((socket) => { globalThis.peer = socket; }).listen(0, '127.0.0.1', () => {
      globalThis.socket = connect(server.address().port, '127.0.0.1');
      server.unref();
    });
    ${endLater('child.kill(); child.stdin.destroy(); watcher.close(); port1.close(); socket.destroy(); server.close(); peer.destroy();')}`,
};

for (const { name, path } of NODES) {
  describe(`on ${name}, what keeps the process alive`, () => {
    let found: Readonly<Record<string, readonly string[]>>;
    before(async function () {
      this.timeout(60_000);
      // Each is silent for nearly all of its time.
      const programs = Object.entries(PROGRAMS);
      const lists = await atOnce(programs, async ([of, source]) => [of, await listed(source, path)] as const);
      found = Object.fromEntries(lists);
    });

    it('is an interval, with the line that made it', () => {
      assert.deepEqual(found['interval'], ['setInterval N ms 2'.replace('N', '5000')]);
    });

    it('is a server, and in a shutdown the request that is open and the line of close()', () => {
      assert.deepEqual(found['request'], ['GET /events to a closing server 4 7']);
      assert.deepEqual(found['server'], ['a server on port N 4']);
    });

    it('is a worker, which a listener after unref() makes count again', () => {
      assert.deepEqual(found['worker'], ['a worker 3 5']);
    });

    it('is no worker, timer or server that was unref-ed', () => {
      assert.deepEqual(found['unrefed'], ['setTimeout N ms 7'.replace('N', '1700')]);
    });

    it('is a child process, a watcher, a port and a connection', () => {
      const others = found['others']!.filter((what) => !what.startsWith('a connection to ?'));
      for (const what of ['the child process N 5', 'a watcher of files 6', 'a MessagePort 8'])
        assert.ok(others.includes(what), `${what} in ${others.join(', ')}`);
      assert.ok(
        others.some((what) => /^a connection to 127\.0\.0\.1:N 10$/.test(what)),
        others.join(', '),
      );
    });
  });
}
