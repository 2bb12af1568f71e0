/**
 * Identity: each row is a program in which `waiter` waits, and what must be said to have ended its waits.
 * On every Node there is, for the orderings of V8's promise hooks are observed, not specified.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram, wakersOf } from '../trace-program.ts';

interface Row {
  readonly says: string;
  readonly program: string;
  /** Names of who ended each wait of `waiter`. */
  readonly wakers: readonly string[];
  /** A line, or part of one, that the recording must have besides. */
  readonly line?: RegExp;
}

const tick = 'const turn = () => new Promise((r) => setImmediate(r));\n';

const rows: readonly Row[] = [
  {
    says: 'a promise in a variable belongs to the activation that made it',
    program: `${tick}async function child() { await turn(); return 1 }
      async function waiter() { const p = child(); const q = child(); await q; await p }
      await waiter();`,
    wakers: ['child', 'child'],
    line: /wait id=\d+ site="program.mjs:3:71 await waiter \| q" for=\d+ reason=task$/m,
  },
  {
    says: 'Promise.all ends with the child that settled last, not with the last one',
    program: `${tick}async function slow() { await turn(); await turn(); await turn() }
      async function fast() { await turn() }
      async function waiter() { await Promise.all([slow(), fast()]) }
      await waiter();`,
    wakers: ['slow'],
    line: /group parent=\d+ group=\d+ child=\d+ count=2 kind=all decides$/m,
  },
  {
    says: 'Promise.race and any end with the child that settled first',
    program: `${tick}async function slow() { await turn(); await turn(); await turn() }
      async function fast() { await turn() }
      async function waiter() { await Promise.race([slow(), fast()]); await Promise.any([slow(), fast()]) }
      await waiter();`,
    wakers: ['fast', 'fast'],
    line: /group parent=\d+ group=\d+ child=\d+ index=1 count=2 kind=race decides$/m,
  },
  {
    says: 'a group inside a group is a child by its own id',
    program: `${tick}async function child() { await turn() }
      async function waiter() { await Promise.all([Promise.all([child()]), child()]) }
      await waiter();`,
    wakers: ['child'],
    line: /resourceBegin creator=\d+ id=(\d+) name="Promise.all" capacity=1 kind=group\n[^]*group parent=\d+ group=\d+ child=\1 count=2/m,
  },
  {
    says: 'a deferred is settled by whoever called its resolver',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); resolve(1) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    says: 'a mutex is handed over by who unlocked it',
    program: `${tick}class Mutex { #tail = Promise.resolve(); lock() { let free; const mine = new Promise((r) => (free = r));
        const before = this.#tail; this.#tail = this.#tail.then(() => mine); return before.then(() => free) } }
      const mutex = new Mutex();
      async function holder() { const free = await mutex.lock(); await turn(); free() }
      async function waiter() { const free = await mutex.lock(); free() }
      await Promise.all([holder(), waiter()]);`,
    wakers: ['holder'],
  },
  {
    says: 'an item of a queue comes from who put it',
    program: `${tick}const getters = []; const get = () => new Promise((r) => getters.push(r));
      async function producer() { for (let i = 0; i < 2; i++) { await turn(); getters.shift()(i) } }
      async function waiter() { await get(); await get() }
      await Promise.all([waiter(), producer()]);`,
    wakers: ['producer', 'producer'],
  },
  {
    says: 'a chain of reactions carries who settled its first promise',
    program: `${tick}async function child() { await turn(); return 1 }
      async function waiter() { await child().then((x) => x + 1).then((x) => x * 2).finally(() => {}) }
      await waiter();`,
    wakers: ['child'],
  },
  {
    says: 'an awaited event was emitted by somebody',
    program: `${tick}import { EventEmitter, once } from 'node:events'; const bus = new EventEmitter();
      async function emitter() { await turn(); bus.emit('go', 1) }
      async function waiter() { await once(bus, 'go') }
      await Promise.all([waiter(), emitter()]);`,
    wakers: ['emitter'],
  },
  {
    says: 'what a tick does is done by who asked for the tick',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); process.nextTick(() => process.nextTick(resolve)) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    says: 'a microtask likewise',
    program: `${tick}let resolve; const deferred = new Promise((r) => (resolve = r));
      async function settler() { await turn(); queueMicrotask(resolve) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    says: 'a callback that runs in the scope of an async resource is its caller’s deed',
    program: `${tick}import { AsyncResource } from 'node:async_hooks';
      let resolve; const deferred = new Promise((r) => (resolve = r)); const scope = new AsyncResource('POOL');
      async function settler() { await turn(); scope.runInAsyncScope(() => resolve()) }
      async function waiter() { await deferred }
      await Promise.all([waiter(), settler()]);`,
    wakers: ['settler'],
  },
  {
    says: 'a timer ends a wait through the callback of that timer',
    program: `async function waiter() { await new Promise((done) => setTimeout(done, 3)) }
      await waiter();`,
    wakers: ['setTimeout 3 ms callback'],
    line: /run id=\d+ waker=(\d+) resource=(\d+) waker=known/m,
  },
  {
    says: 'the promise of timers/promises is known as a timer when it is awaited',
    program: `import { setTimeout as sleep } from 'node:timers/promises';
      async function waiter() { await sleep(2) }
      await waiter();`,
    wakers: ['external setTimeout 2 ms'],
    line: /wait id=\d+ site="[^"]*sleep\(2\)" for=\d+ reason=timer direct$/m,
  },
  {
    says: 'what no code of the user’s did came from outside',
    program: `import { readFile } from 'node:fs'; 
      async function waiter() { await new Promise((r) => readFile('/dev/null', r)) }
      await waiter();`,
    wakers: ['external the file system'],
  },
  {
    says: 'a rejected wait says who rejected it, caught or not',
    program: `${tick}async function child() { await turn(); throw new Error('no') }
      async function waiter() { try { await child() } catch { await turn() } finally { await turn() } }
      await waiter();`,
    wakers: ['child', 'setImmediate callback', 'setImmediate callback'],
    line: /activationEnd id=\d+ outcome=error/m,
  },
  {
    says: 'return promise waits for that promise, and ends as it ends',
    program: `${tick}async function child() { await turn(); throw new Error('no') }
      async function middle() { return child() }
      async function waiter() { try { await middle() } catch {} }
      await waiter();`,
    wakers: ['middle'],
    line: /wait id=(\d+) site="[^"]*return! middle \| child\(\)" for=\d+ reason=task direct\n[^]*activationEnd id=\1 outcome=error/m,
  },
  {
    says: 'return promise of a foreign promise ends as that one ends',
    program: `${tick}async function waiter() { return turn().then(() => { throw new Error('no') }) }
      await waiter().catch(() => {});`,
    wakers: ['setImmediate callback'],
    line: /name="waiter"[^]*activationEnd id=3 outcome=error/,
  },
  {
    says: 'a step of for await waits for the generator',
    program: `${tick}async function* numbers() { await turn(); yield 1; await turn(); yield 2 }
      async function waiter() { for await (const n of numbers()) if (n === 3) break }
      await waiter();`,
    wakers: ['numbers', 'numbers', 'numbers'],
    line: /name="numbers" kind=async-generator\n[^]*for=\d+ reason=task/m,
  },
  {
    says: 'a parameter’s default value is not taken for the function’s own promise',
    program: `${tick}async function child(x = Promise.resolve(1), y = new Promise(() => {})) { await turn(); return 1 }
      async function waiter() { const p = child(); await turn(); await p }
      await waiter();`,
    wakers: ['setImmediate callback', 'child'],
  },
  {
    says: 'a thenable is ended by who called back',
    program: `${tick}async function waiter() { await { then: (done) => setImmediate(done) } }
      await waiter();`,
    wakers: ['setImmediate callback'],
  },
];

for (const { name, path } of NODES) {
  describe(`on ${name}, who ended a wait`, function () {
    this.timeout(30_000);
    for (const row of rows) {
      it(row.says, async () => {
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
