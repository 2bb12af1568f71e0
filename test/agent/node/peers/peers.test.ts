/**
 * Messages, ends, output and signals between the program's own threads and processes: each end of a
 * way numbers what goes through, and what ends a wait names whom it came from.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** "send 1", "receive 1": the messages of one way, in the order of their records. */
function messagesByWay(text: string): string[][] {
  const ways = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (!line.includes(' link ') || !line.endsWith('kind=message')) continue;
    const field = (name: string): string => new RegExp(` ${name}=(\\w+)`).exec(line)?.[1] ?? '0';
    const way = `${field('tokenHigh')} ${field('token')}`;
    ways.set(way, [...(ways.get(way) ?? []), `${field('way')} ${field('attempt')}`]);
  }
  return [...ways.values()].map((each) => each.sort());
}

/** The names of the resources that ended waits. */
function endedBy(text: string): string[] {
  const names = new Map<string, string>();
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const begun = / resourceBegin .*?id=(\d+).* name="([^"]*)"/.exec(line);
    if (begun) names.set(begun[1]!, begun[2]!.replace(/\(\d+\)/, '(PID)'));
    const woken = / wake woken=\d+ resource=(\d+)/.exec(line);
    if (woken) found.push(names.get(woken[1]!) ?? '?');
  }
  return found;
}

const both = (count: number): string[] =>
  [1, 2].flatMap((way) =>
    Array.from({ length: count }, (_, n) => `${way === 1 ? 'receive' : 'send'} ${n + 1}`),
  );

const WORKER = `
  import { once } from 'node:events';
  import { MessageChannel, Worker, isMainThread, parentPort, receiveMessageOnPort } from 'node:worker_threads';
`;

for (const { name, path: node } of NODES) {
  describe(`on ${name}, between threads`, function () {
    this.timeout(30_000);

    it('the n-th message that goes in is the n-th that comes out, whatever else happens at the port', async () => {
      const { text, stdout } = await traceProgram(
        `${WORKER}
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url), { name: 'echo' });
          async function ask(n) { const answer = once(worker, 'message'); worker.postMessage(n); return (await answer)[0]; }
          console.log(await ask(1));
          try { worker.postMessage(() => {}); } catch (error) { console.log(error.name); }
          console.log(await ask(2), await ask(3));
          const ended = once(worker, 'exit');
          worker.postMessage(null);
          console.log(...await ended);
        } else {
          parentPort.on('message', (n) => {
            parentPort.emit('message-like', 1);
            parentPort.dispatchEvent(new Event('other'));
            if (n === null) parentPort.close(); else parentPort.postMessage(n * 10);
          });
        }`,
        { node },
      );
      assert.equal(stdout, '10\nDataCloneError\n20 30\n0\n');
      assert.deepEqual(messagesByWay(text), [[...both(4), 'send 2'].sort(), both(3)]);
      assert.deepEqual(endedBy(text), ['echo', 'echo', 'echo', 'the end of worker echo']);
    });

    it('a port that a message took to another thread is a way of its own', async () => {
      const { text, stdout } = await traceProgram(
        `${WORKER}
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url), { name: 'over-a-port' });
          const { port1, port2 } = new MessageChannel();
          worker.postMessage({ port: port2 }, [port2]);
          async function ask(n) { port1.postMessage(n); return (await once(port1, 'message'))[0]; }
          console.log(await ask(1), await ask(2));
          port1.close();
        } else {
          parentPort.once('message', ({ port }) => port.on('message', (n) => port.postMessage(-n)));
        }`,
        { node },
      );
      assert.equal(stdout, '-1 -2\n');
      assert.deepEqual(messagesByWay(text), [both(1), both(2), both(2)]);
      assert.deepEqual(endedBy(text), ['over-a-port', 'over-a-port']);
    });

    it('a message that is taken without a handler counts, too', async () => {
      const { text } = await traceProgram(
        `${WORKER}
        const signal = new Int32Array(new SharedArrayBuffer(4));
        async function take() {
          await null;
          const message = receiveMessageOnPort(parentPort);
          parentPort.postMessage(message.message.n + 1);
        }
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url));
          worker.postMessage({ n: 1 });
          const [n] = await once(worker, 'message');
          console.log(n);
        } else take();`,
        { node },
      );
      assert.deepEqual(messagesByWay(text), [both(1), both(1)]);
      assert.match(
        text,
        / link id=\d+ token=\d+ tokenHigh=\d+ resource=\d+ attempt=1 way=receive kind=message/,
      );
    });

    it('a promise that a package settles in a scope of its own names the worker, too', async () => {
      const { text } = await traceProgram(
        `${WORKER}
        import { run } from 'jobs';
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url), { name: 'scoped' });
          async function main() { console.log(await run(worker, 2)); worker.postMessage(null); }
          main();
        } else parentPort.on('message', (n) => n === null ? parentPort.close() : parentPort.postMessage(n));`,
        {
          node,
          files: {
            'node_modules/jobs/package.json': '{"name":"jobs","main":"index.js"}',
            'node_modules/jobs/index.js': `
              const { AsyncResource } = require('node:async_hooks');
              class Job extends AsyncResource { constructor() { super('Job'); } }
              exports.run = (worker, n) => new Promise((done) => {
                const job = new Job();
                worker.once('message', (value) => job.runInAsyncScope(done, null, value));
                worker.postMessage(n);
              });`,
          },
        },
      );
      assert.deepEqual(endedBy(text), ['scoped']);
    });

    it('a worker that is terminated ends the wait for that', async () => {
      const { text } = await traceProgram(
        `${WORKER}
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url), { name: 'endless' });
          await once(worker, 'message');
          console.log(await worker.terminate());
        } else { parentPort.postMessage(1); setInterval(() => {}, 1000); }`,
        { node },
      );
      assert.deepEqual(endedBy(text), ['endless', 'the end of worker endless']);
    });

    it('the line that sends is recorded, of the first messages of a worker', async () => {
      const { text } = await traceProgram(
        `${WORKER}
        if (isMainThread) {
          const worker = new Worker(new URL(import.meta.url));
          for (let i = 0; i < 10; i++)
            worker.postMessage(i);
        } else parentPort.on('message', (n) => { if (n === 9) parentPort.close(); });`,
        { node },
      );
      const uses = text.split('\n').filter((line) => line.includes(' use '));
      assert.equal(uses.length, 3);
      assert.match(uses[0]!, /site="program\.mjs:8:/);
    });
  });

  describe(`on ${name}, between processes`, function () {
    this.timeout(30_000);

    it('messages, the end, the output and signals name the process that they come from', async () => {
      const { recordings, stdout } = await traceProgram(
        `
        import { fork, spawn } from 'node:child_process';
        import { once } from 'node:events';
        import { fileURLToPath } from 'node:url';
        const child = fork(new URL('child.mjs', import.meta.url));
        async function ask(n) { child.send({ n }); return (await once(child, 'message'))[0].n; }
        console.log(await ask(1), await ask(2));
        process.kill(child.pid, 'SIGUSR2');
        console.log(...await once(child, 'exit'));
        const out = spawn(process.execPath, [fileURLToPath(new URL('out.mjs', import.meta.url))]);
        let text = '';
        for await (const chunk of out.stdout) text += chunk;
        console.log(text);`,
        {
          node,
          files: {
            'child.mjs': `
              const stopped = new Promise((go) => process.on('SIGUSR2', go));
              async function stop() { await stopped; process.disconnect(); }
              process.on('message', ({ n }) => process.send({ n: n * 10 }));
              stop();`,
            'out.mjs': `console.log('written'); await null;`,
          },
        },
      );
      assert.equal(stdout, '10 20\n0 null\nwritten\n\n');
      const main = recordings.find((text) => text.includes('kind=child')) ?? '';
      const child = recordings.find((text) => text.includes('"SIGUSR2"')) ?? '';
      const [sent, received] = [both(2).slice(2), both(2).slice(0, 2)];
      assert.deepEqual(messagesByWay(main), [sent, received]);
      assert.deepEqual(messagesByWay(child), [received, sent]);
      const causes = endedBy(main);
      assert.deepEqual(causes.slice(0, 3), [
        'process child.mjs (PID)',
        'process child.mjs (PID)',
        'the end of process child.mjs (PID)',
      ]);
      assert.deepEqual(new Set(causes.slice(3)), new Set(['the output of process out.mjs (PID)']));
      assert.match(main, / link id=\d+ token=\d+ tokenHigh=12 way=send kind=signal/);
      assert.match(child, / link (?:id=\d+ )?token=\d+ tokenHigh=12 resource=\d+ way=receive kind=signal/);
      assert.deepEqual(endedBy(child), ['a signal']);
    });
  });
}
