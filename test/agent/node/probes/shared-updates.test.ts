/** Lost updates as they happen, and what only looks like one. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const IMPORT = `import { setImmediate as turn } from 'node:timers/promises';
const later = async (value) => { await turn(); return value; };\n`;
const FIRST = 3;

for (const node of NODES) {
  /** "4 balance 2": the line of the write, what it was, and how often. */
  const lost = async (source: string): Promise<string[]> => {
    const { text, stderr, code } = await traceProgram(IMPORT + source, { node: node.path });
    equal(stderr, '');
    equal(code, 0);
    return [
      ...text.matchAll(/ fact id=\d+ site="[^"]*?:(\d+):.* text="([^"]*)" .*amount=(\d+) what=lost-update/g),
    ].map(([, line, name, amount]) => `${Number(line) - FIRST + 1} ${name} ${amount}`);
  };

  describe(`lost updates, on ${node.name}`, () => {
    it('are told of variables, properties and entries, each by its own', async () => {
      deepEqual(
        await lost(`let n = 0; const m = new Map(), as = [{ n: 0 }, { n: 0 }];
          const variable = async () => { const b = n; await turn(); n = b + 1; };
          const property = async (a) => { a.n = a.n + (await later(1)); };
          const entry = async (k) => { const b = m.get(k) ?? 0; await turn(); m.set(k, b + 1); };
          await Promise.all([variable(), variable(), variable()]);
          await Promise.all([property(as[0]), property(as[1])]); await Promise.all([property(as[0]), property(as[0])]);
          await Promise.all([entry('a'), entry('b')]); await Promise.all([entry('a'), entry('a')]);`),
        ['2 n 1', '2 n 2', '3 a.n 1', '4 m[k] 1'],
      );
    });

    it('are told of a variable of a function only where it is the same one', async () => {
      const counter = `function counter() { let n = 0; return async () => { n += await later(1); }; }\n`;
      deepEqual(
        await lost(`${counter}const [a, b] = [counter(), counter()]; await Promise.all([a(), b()]);`),
        [],
      );
      deepEqual(await lost(`${counter}const a = counter(); await Promise.all([a(), a()]);`), ['1 n 1']);
    });

    it('are told of a store where both runs read the same', async () => {
      const store = `const rows = {}; const store = { async get(k) { await turn(); return rows[k]; }, async set(k, v) { await turn(); rows[k] = v; } };
        const bump = async (k) => { const b = await store.get(k); await store.set(k, (b ?? 0) + 1); };\n`;
      deepEqual(await lost(`${store}await Promise.all([bump('a'), bump('b'), bump('a')]);`), [
        '2 store[k] 1',
      ]);
      deepEqual(await lost(`${store}await bump('a'); await bump('a'); rows.a = 0; await bump('a');`), []);
    });

    it('are told of what two functions load and save, and not where all runs have one object', async () => {
      const bump = `const bump = async () => { const v = await loadVotes(); v.n = v.n + 1; await saveVotes(v); };\n`;
      const copies = `let kept = '{"n":0}'; const loadVotes = async () => { await turn(); return JSON.parse(kept); };
        const saveVotes = async (v) => { await turn(); kept = JSON.stringify(v); };\n`;
      deepEqual(await lost(`${copies}${bump}await Promise.all([bump(), bump()]);`), ['3 votes 1']);
      deepEqual(await lost(`${copies}${bump}await bump(); await bump();`), []);
      const one = `const kept = { n: 0 }; const loadVotes = async () => { await turn(); return kept; };
        const saveVotes = async (v) => { await turn(); };\n`;
      deepEqual(
        await lost(`${one}${bump}await Promise.all([bump(), bump()]); if (kept.n !== 2) process.exit(1);`),
        [],
      );
    });

    it('are told of the state of a store, over what others wrote by one line elsewhere', async () => {
      const store = `class Store { #s; constructor(s) { this.#s = s; } get state() { return this.#s; } set(s) { this.#s = s; } }
        const [a, b] = [new Store({}), new Store({})]; const sync = (s) => { s.set({ ...s.state, x: 1 }); };\n`;
      const update = `const late = async (s) => { const { state } = s; await turn(); s.set({ ...state, y: 2 }); };`;
      const meanwhile = (s: string): string => `const p = late(a); sync(${s}); await p;`;
      deepEqual(await lost(`${store}${update}\n${meanwhile('a')}`), ['3 s 1']);
      deepEqual(await lost(`${store}${update}\n${meanwhile('b')}`), []);
      const fresh = update.replace('...state', '...state, ...s.state');
      deepEqual(await lost(`${store}${fresh}\n${meanwhile('a')}`), []);
      const derived = update.replace('...state, y: 2', 'y: state.x');
      deepEqual(await lost(`${store}${derived}\n${meanwhile('a')}`), []);
    });

    it('are told of a part of a state only where another wrote that part', async () => {
      const store = `let s = { n: [], m: 0 }; const getState = () => s; const setState = (p) => { s = { ...s, ...p }; };
        const add = async (x) => { const { n } = getState(); await turn(); setState({ n: [...n, x] }); };\n`;
      deepEqual(await lost(`${store}await Promise.all([add(1), add(2)]);`), ['2 n 1']);
      deepEqual(await lost(`${store}const p = add(1); setState({ m: 1 }); await p;`), []);
    });

    it('are none of what the run itself wrote in between', async () => {
      const state = `const a = { s: { n: 0 } }; const load = async () => { const b = a.s; a.s = { ...b, busy: true };
        await turn(); a.s = { ...b, n: 1 }; };\n`;
      deepEqual(await lost(`${state}await load();`), []);
      deepEqual(await lost(`${state}const p = load(); a.s = { ...a.s, m: 1 }; await p;`), ['2 a.s 1']);
    });

    it('are none of an object that all runs have in hand', async () => {
      deepEqual(
        await lost(`const m = new Map([['a', { n: 0 }]]);
          const entry = async (k) => { const b = m.get(k); await turn(); b.n++; m.set(k, b); };
          await Promise.all([entry('a'), entry('a')]); if (m.get('a').n !== 2) process.exit(1);`),
        [],
      );
    });

    it('are none where runs come one after another, or hold a lock', async () => {
      deepEqual(
        await lost(`let n = 0, last = Promise.resolve();
          const run = async () => { const b = n; await turn(); n = b + 1; };
          const locked = async () => { const before = last; let done; last = new Promise((r) => (done = r)); await before; await run(); done(); };
          await run(); await run();
          await Promise.all([locked(), locked(), locked()]);
          if (n !== 5) process.exit(1);`),
        [],
      );
    });
  });
}
