/** Promises that can never settle, and those that only seem so. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** The program collects garbage itself, and gives what comes of it a few turns. */
const COLLECT = `import { setImmediate as turn } from 'node:timers/promises';
const collect = async () => { for (let i = 0; i < 5; i++) { gc(); await turn(); await turn(); } };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const bus = new (await import('node:events')).EventEmitter();\n`;
const FIRST = 5;

for (const node of NODES) {
  /** "waits 7": the task that waits for a promise that can never settle, and where it was made. */
  const lost = async (source: string): Promise<string[]> => {
    const { text, stderr, code } = await traceProgram(COLLECT + source, {
      node: node.path,
      args: ['--expose-gc'],
    });
    equal(stderr, '');
    equal(code, 0);
    const names = new Map<string, string>();
    for (const [, id, name] of text.matchAll(/ activationBegin id=(\d+) .*name="([^"]*)"/g))
      names.set(id!, name!);
    return [...text.matchAll(/ fact id=(\d+) site="[^"]*?:(\d+):.* what=collected/g)].map(
      ([, id, line]) => `${names.get(id!)} ${Number(line) - FIRST + 1}`,
    );
  };

  describe(`promises that can never settle, on ${node.name}`, () => {
    it('are those that lost what could settle them while somebody waits', async () => {
      deepEqual(
        await lost(`
          async function forgets() { await new Promise((resolve, reject) => { setImmediate(() => { if (bus.no) resolve(); else if (bus.never) reject(); }); }); }
          async function chained() { await new Promise((r) => { setImmediate(() => bus.no && r()); }).then(String).finally(); }
          async function returned() { return new Promise(function (r) { clearTimeout(setTimeout(r, 100)); }); }
          async function adopts() { await new Promise((r) => r(new Promise((s) => { setImmediate(() => bus.no && s()); }))); }
          async function grouped() { await Promise.all([sleep(1), new Promise((r) => bus.no && r())]); }
          const all = [forgets(), chained(), returned(), adopts(), grouped()];
          await collect();`),
        ['forgets 2', 'chained 3', 'returned 4', 'grouped 6', 'adopts 5'],
      );
    });

    it('are not those that something still holds, or that others decide', async () => {
      deepEqual(
        await lost(`
          async function waits(promise) { await promise; }
          const held = [];
          const all = [
            waits(new Promise((r) => held.push(r))), waits(new Promise((r) => bus.once('x', r))), waits(sleep(1000)),
            waits(new Promise((r) => r(sleep(1000)))), waits(new Promise((r) => r({ then(f) { held.push(f); } }))),
            waits(new Promise((resolve, reject) => { held.push(reject); if (bus.no) resolve(); })),
            waits(Promise.race([new Promise((r) => bus.no && r()), sleep(50)])), waits(new Promise((r) => {})),
            waits(new Promise((resolve) => resolve())),
          ];
          new Promise((r) => bus.no && r());
          await collect();
          bus.emit('x');
          process.exit(held.length > 2 ? 0 : 1);`),
        [],
      );
    });

    it('are none of a class of promises that hands on functions of its own', async () => {
      deepEqual(
        await lost(`
          const held = [];
          async function waits(promise) { await promise; }
          {
            class Promise extends globalThis.Promise {
              constructor(run) { super((a, b) => { held.push(a, b); run((v) => a(v), (e) => b(e)); }); }
            }
            var own = waits(new Promise((r) => bus.no && r()));
          }
          await collect();
          process.exit(held.length > 1 ? 0 : 1);`),
        [],
      );
    });

    // Node 20 has none.
    const itMayDefer = / 20/.test(node.name) ? null : it;
    itMayDefer?.('are told by Promise.withResolvers, too', async () => {
      deepEqual(
        await lost(`
          async function waits() { const { promise, resolve } = Promise.withResolvers(); if (bus.no) resolve(); await promise; }
          async function keeps() { const own = Promise.withResolvers(); setImmediate(own.resolve, 1); await own.promise; }
          const all = [waits(), keeps()];
          await collect();`),
        ['waits 2'],
      );
    });

    it('are found among many, and those that settle soon are held for no longer than untraced', async () => {
      deepEqual(
        await lost(`
          let live = 0; const registry = new FinalizationRegistry(() => live--);
          async function waits(i) {
            const big = { i }; registry.register(big); live++;
            await new Promise((r) => { setImmediate(() => { if (i !== 700) r(); }); });
            return big.i;
          }
          await (async () => { const all = []; for (let i = 0; i < 2000; i++) all.push(waits(i)); all.splice(700, 1); await Promise.all(all); })();
          await collect();
          process.exit(live === 0 ? 0 : 1);`),
        ['waits 5'],
      );
    });
  });
}
