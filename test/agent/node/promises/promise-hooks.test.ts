/**
 * Identity. Each row is a program in which `waiter` waits, and the wakers that must be recorded for
 * its waits. Every row runs on every Node: the orderings of V8's promise hooks are observed, not
 * specified.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram, wakersOf } from '../trace-program.ts';

interface Row {
  readonly title: string;
  readonly program: string;
  /** The name of the waker of each wait of `waiter`. */
  readonly wakers: readonly string[];
  /** A line, or a part of one, that must be in the recording as well. */
  readonly line?: RegExp;
}

const tick = 'const turn = () => new Promise((r) => setImmediate(r));\n';

const rows: readonly Row[] = [
  {
    title: 'a promise in a variable belongs to the activation that made it',
    program: `${tick}async function child() { await turn(); return 1 }
      async function waiter() { const p = child(); const q = child(); await q; await p }
      await waiter();`,
    wakers: ['child', 'child'],
    line: /wait id=\d+ site="program.mjs:3:71 await waiter \| q" for=\d+ reason=task$/m,
  },
  {
    title: 'Promise.all ends with the child that settled last, not with its last child',
    program: `${tick}async function slow() { await turn(); await turn(); await turn() }
      async function fast() { await turn() }
      async function waiter() { await Promise.all([slow(), fast()]) }
      await waiter();`,
    wakers: ['slow'],
    line: /group parent=\d+ group=\d+ child=\d+ count=2 kind=all decides$/m,
  },
  {
    title: 'Promise.race and any end with the child that settled first',
    program: `${tick}async function slow() { await turn(); await turn(); await turn() }
      async function fast() { await turn() }
      async function waiter() { await Promise.race([slow(), fast()]); await Promise.any([slow(), fast()]) }
      await waiter();`,
    wakers: ['fast', 'fast'],
    line: /group parent=\d+ group=\d+ child=\d+ index=1 count=2 kind=race decides$/m,
  },
  {
    title: 'a group inside a group is a child by its own id',
    program: `${tick}async function child() { await turn() }
      async function waiter() { await Promise.all([Promise.all([child()]), child()]) }
      await waiter();`,
    wakers: ['child'],
    line: /resourceBegin creator=\d+ id=(\d+) name="Promise.all" capacity=1 kind=group\n[^]*group parent=\d+ group=\d+ child=\1 count=2/m,
  },
  {
    title: 'a deferred is settled by the task that called its resolver',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); resolve(1) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    title: 'a mutex is handed over by the task that unlocked it',
    program: `${tick}class Mutex { #tail = Promise.resolve(); lock() { let free; const mine = new Promise((r) => (free = r));
        const before = this.#tail; this.#tail = this.#tail.then(() => mine); return before.then(() => free) } }
      const mutex = new Mutex();
      async function holder() { const free = await mutex.lock(); await turn(); free() }
      async function waiter() { const free = await mutex.lock(); free() }
      await Promise.all([holder(), waiter()]);`,
    wakers: ['holder'],
  },
  {
    title: 'an item of a queue comes from the task that put it',
    program: `${tick}const getters = []; const get = () => new Promise((r) => getters.push(r));
      async function producer() { for (let i = 0; i < 2; i++) { await turn(); getters.shift()(i) } }
      async function waiter() { await get(); await get() }
      await Promise.all([waiter(), producer()]);`,
    wakers: ['producer', 'producer'],
  },
  {
    title: 'a chain of reactions carries the settler of its first promise',
    program: `${tick}async function child() { await turn(); return 1 }
      async function waiter() { await child().then((x) => x + 1).then((x) => x * 2).finally(() => {}) }
      await waiter();`,
    wakers: ['child'],
  },
  {
    title: 'an awaited event is settled by the task that emitted it',
    program: `${tick}import { EventEmitter, once } from 'node:events'; const bus = new EventEmitter();
      async function emitter() { await turn(); bus.emit('go', 1) }
      async function waiter() { await once(bus, 'go') }
      await Promise.all([waiter(), emitter()]);`,
    wakers: ['emitter'],
  },
  {
    title: 'a tick settles on behalf of the task that asked for it',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); process.nextTick(process.nextTick, resolve) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    title: 'a callback of the program settles itself',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); process.nextTick(() => process.nextTick(resolve)) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['nextTick callback'],
  },
  {
    title: 'a microtask settles on behalf of the task that asked for it',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); queueMicrotask(resolve) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    title: 'a callback in the scope of an async resource settles on behalf of its caller',
    program: `${tick}import { AsyncResource } from 'node:async_hooks';
      let resolve; const deferred = new Promise((r) => (resolve = r)); const scope = new AsyncResource('POOL');
      async function settler() { await turn(); scope.runInAsyncScope(() => resolve()) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    title: 'a timer ends a wait through the callback of that timer',
    program: `async function waiter() { await new Promise((done) => setTimeout(done, 3)) }
      await waiter();`,
    wakers: ['setTimeout 3 ms callback'],
    line: /run id=\d+ waker=(\d+) resource=(\d+) waker=known/m,
  },
  {
    title: 'the promise of timers/promises is known as a timer when it is awaited',
    program: `import { setTimeout as sleep } from 'node:timers/promises';
      async function waiter() { await sleep(2) }
      await waiter();`,
    wakers: ['external setTimeout 2 ms'],
    line: /wait id=\d+ site="[^"]*sleep\(2\)" for=\d+ reason=timer direct$/m,
  },
  {
    title: 'a promise that no code of the user’s settled was settled from outside',
    program: `import { readFile } from 'node:fs'; 
      async function waiter() { await new Promise((r) => readFile('/dev/null', r)) }
      await waiter();`,
    wakers: ['external the file system'],
  },
  {
    title: 'a rejected wait names the task that rejected it, caught or not',
    program: `${tick}async function child() { await turn(); throw new Error('no') }
      async function waiter() { try { await child() } catch { await turn() } finally { await turn() } }
      await waiter();`,
    wakers: ['child', 'setImmediate callback', 'setImmediate callback'],
    line: /activationEnd id=\d+ outcome=error/m,
  },
  {
    title: 'return promise waits for that promise, and ends as it ends',
    program: `${tick}async function child() { await turn(); throw new Error('no') }
      async function middle() { return child() }
      async function waiter() { try { await middle() } catch {} }
      await waiter();`,
    wakers: ['middle'],
    line: /wait id=(\d+) site="[^"]*return! middle \| child\(\)" for=\d+ reason=task direct\n[^]*activationEnd id=\1 outcome=error/m,
  },
  {
    title: 'return promise of a foreign promise ends as that one ends',
    program: `${tick}async function waiter() { return turn().then(() => { throw new Error('no') }) }
      await waiter().catch(() => {});`,
    wakers: ['setImmediate callback'],
    line: /name="waiter"[^]*activationEnd id=3 outcome=error/,
  },
  {
    title: 'a step of for await waits for the generator',
    program: `${tick}async function* numbers() { await turn(); yield 1; await turn(); yield 2 }
      async function waiter() { for await (const n of numbers()) if (n === 3) break }
      await waiter();`,
    wakers: ['numbers', 'numbers', 'numbers'],
    line: /name="numbers" kind=async-generator\n[^]*for=\d+ reason=task/m,
  },
  {
    title: 'a parameter’s default value is not taken for the function’s own promise',
    program: `${tick}async function child(x = Promise.resolve(1), y = new Promise(() => {})) { await turn(); return 1 }
      async function waiter() { const p = child(); await turn(); await p }
      await waiter();`,
    wakers: ['setImmediate callback', 'child'],
  },
  {
    title: 'a module that is imported is a thing to wait for; one of Node is loaded at once',
    program: `async function waiter() { await import('node:zlib'); } await waiter();`,
    wakers: ['waiter'],
    line: /name="the loading of a module" kind=io\n0 wait id=\d+ .* for=\d+ reason=io$/m,
  },
  {
    title: 'a generator that Node consumes goes on by what made Node ask',
    program: `import { Readable, Writable } from 'node:stream'; import { pipeline } from 'node:stream/promises';
      async function* waiter() { yield 'a'; yield 'b'; }
      const sink = new Writable({ highWaterMark: 1, write: (chunk, encoding, done) => setImmediate(function written() { done(); }) });
      await pipeline(waiter, sink);`,
    wakers: ['written', 'written'],
  },
  {
    title: 'a thenable is settled by the code that called back',
    program: `${tick}async function waiter() { await { then: (done) => setImmediate(done) } }
      await waiter();`,
    wakers: ['setImmediate callback'],
  },
  {
    title: 'a returned thenable is waited for, and ended by the code that called back',
    program: `${tick}class Query { then(done) { setImmediate(done, 1) } }
      async function waiter() { return new Query() }
      console.assert(await waiter() === 1);`,
    wakers: ['setImmediate callback'],
    line: /wait id=(\d+) site="[^"]*return waiter \| new Query\(\)" type="Query" reason=future\n[^]*run id=\1 waker=\d+ [^\n]*\n0 activationEnd id=\1 [^\n]*outcome=ok\n0 wake woken=\d+ waker=\1$/m,
  },
  {
    title: 'what runs for a returned thenable was begun by who returned it',
    program: `${tick}async function child() { await turn() }
      class Query { #run; constructor(run) { this.#run = run } then(...reactions) { return this.#run().then(...reactions) } }
      class Later extends Query {}
      async function waiter() { const query = new Later(child); return query }
      const waits = waiter(); await turn(); await waits;`,
    wakers: ['child'],
    line: /activationBegin id=(\d+) [^\n]*name="waiter"[^]*activationBegin id=\d+ parent=\1 [^\n]*name="child"/,
  },
  {
    title: 'an activation ends as the thenable that it returned: rejected, in a microtask or later',
    program: `${tick}const query = (when) => ({ then(_, fail) { when(() => fail(new Error('no'))) } });
      async function soon() { return query(queueMicrotask) }
      async function now() { try { return query((fail) => fail()) } finally { await turn() } }
      async function waiter() { return query(setImmediate) }
      await Promise.allSettled([soon(), now(), waiter()]);`,
    wakers: ['setImmediate callback'],
    line: /^(?![^]*outcome=ok\nwake)(?:[^]*activationEnd id=\d+ outcome=error){3}/,
  },
  {
    title: 'the object whose call gave a returned thenable is what is waited for',
    program: `${tick}const db = { name: 'orders', select() { return { then: (done) => setImmediate(done) } } };
      async function waiter() { return db.select() }
      await waiter();`,
    wakers: ['setImmediate callback'],
    line: /resourceBegin creator=\d+ id=(\d+) [^\n]*name="db \(orders\)" kind=foreign\n[^]*return! waiter \| db.select\(\)" for=\1 type="Object" reason=future/,
  },
];

for (const { name, path } of NODES) {
  describe(`on ${name}, who ended a wait`, function () {
    this.timeout(30_000);
    for (const row of rows) {
      it(row.title, async () => {
        const { text, code, stderr } = await traceProgram(row.program, { node: path });
        assert.equal(stderr, '');
        assert.equal(code, 0);
        assert.deepEqual(wakersOf(text, 'waiter'), row.wakers, text);
        if (row.line !== undefined) assert.match(text, row.line);
        assert.doesNotMatch(text, /news=fault/);
      });
    }
  });
}
