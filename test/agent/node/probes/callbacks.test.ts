/** Callbacks of plain programs, traced: who ran, registered where, and how it ended. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** Name, kind and outcome of each callback, in the order in which they ended. */
async function callbacksOf(
  program: string,
  node: string,
  depth: 'full' | 'light' = 'full',
): Promise<string[]> {
  const { recordings } = await traceProgram(program, { node, env: { SIMUL_DEPTH: depth } });
  const begun = new Map<string, string>();
  const ended: string[] = [];
  for (const line of recordings.join('\n').split('\n')) {
    const begin = /activationBegin id=(\d+).* name="([^"]*)".* kind=(\S+)-callback$/.exec(line);
    if (begin !== null) begun.set(begin[1]!, `${begin[2]!}, ${begin[3]!}`);
    const end = /activationEnd id=(\d+).* outcome=(\S+)/.exec(line);
    const known = end === null ? undefined : begun.get(end[1]!);
    if (known !== undefined) ended.push(`${known}, ${end![2]!}`);
  }
  return ended;
}

for (const { name, path: node } of NODES) {
  describe(`a callback on ${name}`, () => {
    for (const depth of ['full', 'light'] as const) {
      it(`is an activation with the line that registers it, in ${depth} depth`, async () => {
        const program = `import { EventEmitter } from 'node:events'; import { stat } from 'node:fs';
          const e = new EventEmitter(); const log = (x) => x;
          e.on('go', () => log(1));
          stat('.', function looked() { e.emit('go'); });
          Promise.resolve().then(() => log(2));
          process.nextTick(() => log(3));
          await null;`;
        const callbacks = await callbacksOf(program, node, depth);
        // What runs within another callback belongs to that.
        assert.deepEqual(callbacks.sort(), [
          'looked, io, ok',
          'nextTick callback, tick, ok',
          'then callback, promise, ok',
        ]);
      });
    }

    it('that throws ends with an error, also when the program goes on', async () => {
      const program = `process.once('uncaughtException', () => process.exitCode = 0);
        const log = (x) => x;
        process.nextTick(() => { log(1); throw new Error('no'); });
        setTimeout(() => process.nextTick(() => log(2)), 5);`;
      const callbacks = await callbacksOf(program, node);
      assert.ok(callbacks.includes('nextTick callback, tick, error'), callbacks.join('\n'));
      assert.ok(callbacks.includes('nextTick callback, tick, ok'), callbacks.join('\n'));
    });

    it('that asks for itself again is one: a flood of ticks is no progress', async () => {
      const program = `let left = 1000;
        function again(ask) { if (left-- > 0) ask(() => again(ask)); }
        again(queueMicrotask); await null; left = 1000; again(process.nextTick);`;
      const callbacks = await callbacksOf(program, node);
      assert.ok(callbacks.length < 10, String(callbacks.length));
    });

    it('runs in a worker', async () => {
      const program = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
        import { fileURLToPath } from 'node:url';
        if (isMainThread) { const w = new Worker(fileURLToPath(import.meta.url)); w.postMessage(1); w.once('message', () => w.postMessage(null)); }
        else parentPort.on('message', (m) => (m === null ? parentPort.close() : parentPort.postMessage(m)));`;
      const callbacks = await callbacksOf(program, node);
      assert.deepEqual(callbacks.sort(), [
        ...["on('message') callback, event, ok", "on('message') callback, event, ok"],
        "once('message') callback, event, ok",
      ]);
    });
  });
}
