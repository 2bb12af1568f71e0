/**
 * Promises of packages stand for the object that the user's code asked. The packages here are
 * written in callbacks, so that nothing but the object tells two waits apart.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** A lock that serves callers in turn, and a limiter of one. */
const PACKAGE = `
class Lock {
  queue = []; held = false;
  acquire() { return new Promise((resolve) => { this.queue.push(resolve); this.#next() }) }
  #next() {
    if (this.held || this.queue.length === 0) return;
    this.held = true;
    this.queue.shift()(() => this.release());
  }
  release() { this.held = false; this.#next() }
  run(f) { return this.acquire().then((release) => Promise.resolve(f()).finally(release)) }
}
exports.Lock = Lock;
exports.limiter = () => { const lock = new Lock(); return (f) => lock.run(f) };
`;
const files = { 'node_modules/locks/index.js': PACKAGE };
const IMPORT = `import { Lock, limiter } from 'locks'; import { setTimeout as delay } from 'node:timers/promises';\n`;

for (const node of NODES) {
  const trace = async (source: string): Promise<string[]> => {
    const { text, stderr } = await traceProgram(IMPORT + source, { node: node.path, files });
    equal(stderr, '');
    return text.split('\n');
  };
  const foreign = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => / name="([^"]*)" kind=foreign/.exec(line)?.[1] ?? []);

  describe(`objects that the program asks, on ${node.name}`, () => {
    it('are one resource each, for all who wait for them', async () => {
      const lines = await trace(`
        const lock = new Lock();
        async function use() { const release = await lock.acquire(); await delay(1); release(); }
        await Promise.all([use(), use(), use()]);`);
      deepEqual(foreign(lines), ['lock']);
      const [, id] = /id=(\d+) .*kind=foreign/.exec(lines.find((line) => line.includes('kind=foreign'))!)!;
      equal(lines.filter((line) => line.includes(` wait `) && line.includes(` for=${id} `)).length, 3);
    });

    it('are told apart by the names of what holds them', async () => {
      const lines = await trace(`
        class Account { lock = new Lock(); constructor(name) { this.name = name } }
        class Store { #lock = new Lock(); gate = new Lock(); async open() { await this.#lock.acquire(); await this.gate.acquire() } }
        const [from, to] = [new Account('anna'), new Account('bert')];
        await from.lock.acquire(); await to.lock.acquire(); await new Store().open();`);
      deepEqual(foreign(lines), ['anna.lock', 'bert.lock', 'this.#lock', 'Store.gate']);
    });

    it('are told apart in a list and in a table, by their keys', async () => {
      const lines = await trace(`
        class Shards { #locks = { a: new Lock() }; async open(key) { await this.#locks[key].acquire() } }
        const locks = [new Lock(), new Lock(), 0];
        for (let i = 0; i < 2; i++) { const release = await locks[i].acquire(); release(); }
        await new Shards().open('a');`);
      deepEqual(foreign(lines), ['locks[0]', 'locks[1]', 'this.#locks[a]']);
    });

    it('let run inside of them what a call begins at once, whatever that begins in turn', async () => {
      const lines = await trace(`
        async function inner() { await delay(1); }
        const queue = { add: (f) => { f(); return new Lock().acquire(); } };
        async function step() { await queue.add(async () => { await inner(); }); }
        await step();`);
      const [, id] = / id=(\d+) .*name="queue" kind=foreign/.exec(lines.join('\n'))!;
      const [, by] = new RegExp(` use by=(\\d+) resource=${id} .*how=inside`).exec(lines.join('\n'))!;
      match(lines.join('\n'), new RegExp(`activationBegin id=${by} .*name="<anonymous>"`));
    });

    it('may be locks of the program with async functions, if they can give back', async () => {
      const uses = async (release: string): Promise<string[]> => {
        const lines = await trace(`
          class Gate { async acquire() { await delay(1); } ${release}() {} }
          const gate = new Gate();
          async function use() { await gate.acquire(); gate.release?.(); }
          await use();`);
        return lines.flatMap((line) => / use by.* how=(\w+)/.exec(line)?.[1] ?? []);
      };
      deepEqual(await uses('release'), ['asks', 'got', 'call']);
      deepEqual(await uses('report'), []);
    });

    it('are seen behind functions and lists, too', async () => {
      const lines = await trace(`
        const limit = limiter();
        const asked = (f) => limit(f);
        await Promise.all([1, 2].map((n) => limit(async () => n)));
        await asked(async () => 3);`);
      deepEqual(foreign(lines), ['limit']);
      match(lines.join('\n'), /group .* child=\d+ .*kind=all/);
    });

    it('get back what they gave: on themselves, on what they gave, and by a call before any wait', async () => {
      const lines = await trace(`
        const lock = new Lock();
        async function one() { const release = await lock.acquire(); await delay(1); release(); }
        async function two() { await lock.acquire(); await delay(1); lock.release(); }
        await one(); await two();
        const late = new Lock();
        late.release();
        await late.acquire();`);
      const uses = lines.filter((line) => line.includes(' use ') && line.includes('how=call'));
      deepEqual(
        uses.map((line) => /\| ([^"]*)"/.exec(line)?.[1]),
        ['release()', 'lock.release()', 'late.release()'],
      );
    });

    it('run a function at once: it is known to run inside of the call', async () => {
      const lines = await trace(`
        const gate = { enter: (f) => { const done = f(); return new Promise((resolve) => done.then(resolve)) } };
        await gate.enter(async () => { await delay(1) });`);
      equal(
        lines.some((line) => line.includes(' use ') && line.includes('how=inside')),
        true,
      );
    });

    it('have the name of as much as is known: what an accessor gives is not', async () => {
      const lines = await trace(`
        const lock = new Lock();
        const host = { get locks() { return { lock } } };
        const release = await host.locks.lock.acquire();
        release();`);
      deepEqual(foreign(lines), ['host']);
    });

    it('are not asked anything: getters and proxies of the program do not run', async () => {
      const { stdout, stderr } = await traceProgram(
        `${IMPORT}let asked = 0;
        const lock = new Lock();
        const host = { get lock() { asked++; return lock } };
        const proxied = new Proxy({ lock }, { get(target, key) { asked++; return target[key] }, getOwnPropertyDescriptor() { asked += 100 } });
        await (await host.lock.acquire())();
        await (await proxied.lock.acquire())();
        console.log(asked);`,
        { node: node.path, files },
      );
      deepEqual([stdout, stderr], ['2\n', '']);
    });
  });
}
