/** What piles up, comes too early, or is read by nobody: facts with the line. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const IMPORT = `import { EventEmitter, on, once, setMaxListeners } from 'node:events'; import readline from 'node:readline';
import { PassThrough, pipeline as callBack, Readable, Writable } from 'node:stream'; import { pipeline } from 'node:stream/promises';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';\n`;
/** The first line of the program behind the imports. */
const FIRST = 4;

for (const node of NODES) {
  /** "growth 5 1000 races with one promise": what, line, amount, text. */
  const facts = async (source: string): Promise<string[]> => {
    const { text, stderr } = await traceProgram(IMPORT + source, { node: node.path });
    equal(stderr, '');
    return [...text.matchAll(/ fact (.*) what=([\w-]+)/g)].map(([, fields = '', what]) => {
      const [, line] = /site="[^"]*?:(\d+):/.exec(fields) ?? [];
      const [, amount = '0'] = / amount=(\d+)/.exec(fields) ?? [];
      return `${what} ${Number(line) - FIRST + 1} ${amount} ${/ text="([^"]*)"/.exec(fields)?.[1]}`;
    });
  };

  describe(`what piles up, on ${node.name}`, () => {
    it('are races with one promise that stays pending, and not with one that settles', async () => {
      const race = (other: string): string =>
        `const stop = new Promise(() => {});
        for (let i = 0; i < 1100; i++) await Promise.race([turn(i), ${other}]);`;
      deepEqual(await facts(race('stop')), [
        'growth 2 500 races with one promise',
        'growth 2 1000 races with one promise',
      ]);
      deepEqual(await facts(race('turn(i)')), []);
    });

    it('are listeners that are never removed; those that are removed count nothing at the end', async () => {
      const listen = (after: string): string =>
        `const { signal } = new AbortController(); setMaxListeners(0, signal);
        for (let i = 0; i < 40; i++) {
          const f = () => {};
          signal.addEventListener('abort', f); ${after}
        }`;
      const text = 'abort listeners of one AbortSignal';
      deepEqual(await facts(listen('')), [`growth 4 32 ${text}`, `growth 4 40 ${text}`]);
      deepEqual(await facts(listen(`signal.removeEventListener('abort', f);`)), []);
    });

    it('are events that `events.on` keeps, and writes that nobody waits for', async () => {
      const read = `const emitter = new EventEmitter(); const from = on(emitter, 'value');
        for (let i = 0; i < 3000; i++) emitter.emit('value', i);
        for await (const [n] of from) if (n > 3) break;`;
      deepEqual(await facts(read), ['growth 3 2999 events that nobody has read yet']);
      const write = `const sink = new Writable({ highWaterMark: 1000, write(chunk, encoding, done) { setTimeout(done, 1) } });
        for (let i = 0; i < 4; i++) { await null;
          sink.write(Buffer.alloc(500_000)); }`;
      match((await facts(write)).join(), /^growth 3 1500000 bytes that were written/);
      const calm = write.replace(
        'sink.write(Buffer.alloc(500_000));',
        `if (!sink.write(Buffer.alloc(500_000))) await once(sink, 'drain');`,
      );
      deepEqual(await facts(calm), []);
    });

    it('are listeners of an emitter, by the line that adds them', async () => {
      const listen = (after: string): string =>
        `const bus = new EventEmitter(); bus.setMaxListeners(0);
        for (let i = 0; i < 40; i++) { const f = () => {};
          bus.on('job', f); ${after}
        } await null;`;
      const text = 'job listeners of one EventEmitter';
      deepEqual(await facts(listen('')), [`growth 3 32 ${text}`, `growth 3 40 ${text}`]);
      deepEqual(await facts(listen(`bus.off('job', f);`)), []);
    });

    it('are writes in a file without async functions', async () => {
      const write = `const sink = new Writable({ write(chunk, encoding, done) { setImmediate(done) } });
        for (let i = 0; i < 4; i++)
          sink.write(Buffer.alloc(500_000));`;
      match((await facts(write)).join(), /^growth 3 1500000 bytes that were written/);
    });
  });

  describe(`what comes before anybody listens, on ${node.name}`, () => {
    const LINES = `const input = Readable.from(['a\\n', 'b\\n']); const lines = readline.createInterface({ input });`;
    it('are lines of a reader that is read after a wait', async () => {
      const read = `(async () => { for await (const line of lines) {} })();`;
      deepEqual(await facts(`${LINES} await delay(20);\n${read}`), ['late-listener 2 0 line']);
      deepEqual(await facts(`${LINES}\n${read}`), []);
      deepEqual(await facts(`${LINES} lines.on('line', () => {}); await null;\n${read}`), []);
    });

    it('are events of the name that is waited for, where the emit says that nobody heard', async () => {
      const early = (name: string): string =>
        `const store = new EventEmitter(); store.emit('ready');\nawait Promise.race([delay(1), once(store, '${name}')]);`;
      deepEqual(await facts(early('ready')), ['late-listener 2 1 ready']);
      deepEqual(await facts(early('closed')), []);
    });

    it('are events of `this`, in a constructor and in a callback', async () => {
      const early = (emit: string): string =>
        `class Store extends EventEmitter { constructor() { super(); ${emit} } }
        const store = new Store(); await turn(); await turn();
        await Promise.race([delay(1), once(store, 'ready')]);`;
      deepEqual(await facts(early(`this.emit('ready');`)), ['late-listener 3 1 ready']);
      deepEqual(await facts(early(`setImmediate(() => this.emit('ready'));`)), ['late-listener 3 1 ready']);
      deepEqual(await facts(early(`this.emit('closed');`)), []);
    });

    it('are events that a `new Promise` listens for afterwards', async () => {
      const wait = (before: string): string =>
        `const store = new EventEmitter(); ${before}
        store.emit('ready'); store.emit('other');
        const ready = new Promise((resolve) => {
          store.once('ready', resolve);
        });
        await Promise.race([delay(1), ready]);`;
      deepEqual(await facts(wait('')), ['late-listener 3 1 ready']);
      deepEqual(await facts(wait(`store.on('ready', () => {});`)), []);
    });

    it('are events of a target that nobody had listened to', async () => {
      const early = (before: string): string =>
        `const target = new EventTarget(); ${before}
        target.dispatchEvent(new Event('load'));
        await Promise.race([delay(1), once(target, 'load')]);`;
      deepEqual(await facts(early('')), ['late-listener 3 1 load']);
      deepEqual(await facts(early(`target.addEventListener('load', () => {}, { once: true });`)), []);
    });
  });

  describe(`a pipeline, on ${node.name}`, () => {
    it('is told when it waits at the end for a last stream that nobody reads', async () => {
      const run = (last: string): string =>
        `const source = Readable.from((function* () { for (let i = 0; i < 100; i++) yield Buffer.alloc(4096) })());
        const piped = pipeline(source, new PassThrough(), ${last});
        piped.then(() => {}); await delay(30);`;
      match((await facts(run('new PassThrough()'))).join(), /^back-pressure 2 \d+ PassThrough$/);
      deepEqual(await facts(run('new Writable({ write(c, e, d) { d() } })')), []);
    });

    it('is told as well when it calls back, and when what it keeps are objects', async () => {
      const run = (after: string): string =>
        `const last = new PassThrough({ objectMode: true });
        callBack(Readable.from(Array.from({ length: 100 }, (_, i) => ({ i }))), last, () => {}); ${after} await delay(30);`;
      const text = 'back-pressure 2 16 PassThrough of objects';
      deepEqual(await facts(run('')), [text]);
      deepEqual(await facts(run('last.resume();')), []);
      deepEqual(await facts(run('last.destroy();')), []);
    });
  });
}
