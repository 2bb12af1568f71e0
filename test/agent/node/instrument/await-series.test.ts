/** Functions in, the notes of their awaits out, in the order of the text; `-`: none. */
import { equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { SITE_NOTES } from '../../../../runtime/trace/format/enumerations.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

function notesOf(source: string, typescript = false): string {
  const outcome = instrument(source, {
    path: '/f.js',
    kind: 'module',
    typescript,
    jsx: false,
    depth: 'full',
    parse,
  });
  if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
  const awaits = outcome.result.sites.filter(({ role }) => role === 'await');
  return awaits.map(({ note }) => (note === undefined ? '-' : SITE_NOTES[note])).join(' ');
}

const inFunction = (body: string): string => `async function f(ids, q) { ${body} }`;

/** A class of the file with a method that uses what it has changed. */
const KEEPER =
  'class Keeper { init() { this.state = load(this.state); return this.mark(); } mark() { return (this.state = this.state + 1); } }';

const loops: readonly (readonly [title: string, body: string, notes: string])[] = [
  ['a loop over a collection', 'for (const id of ids) out.push(await load(id));', 'in-loop'],
  [
    'a loop over what is awaited in its head',
    'for (const p of await list()) out.push(await load(p));',
    '- in-loop',
  ],
  ['a loop that counts', 'for (let i = 0; i < 9; i++) html += await load(i);', 'in-loop'],
  [
    'a while loop that counts',
    'let i = 0; while (i < ids.length) { out.push(await load(ids[i])); i++; }',
    'in-loop',
  ],
  [
    'a turn whose awaits need each other',
    'for (const id of ids) { const a = await load(id); out.push(await more(a)); }',
    'in-loop in-loop',
  ],
  ['nested loops', 'for (const a of ids) for (const b of a.all) out.push(await load(a, b));', 'in-loop'],
  ['a memory of what was loaded', 'for (const id of ids) { seen.set(id, await load(id)); }', 'in-loop'],
  [
    'a check of each answer',
    'for (const u of ids) { const r = await fetch(u); if (!r.ok) throw r; }',
    'in-loop',
  ],
  [
    'answers that are shown in turn',
    'for (const id of ids) { const a = await load(id); console.log(a); }',
    'effect-in-loop',
  ],
  ['effects alone', 'for (const id of ids) await save(id);', 'effect-in-loop'],
  ['an await of what runs already', 'for (const p of ids) out.push(await p);', '-'],
  ['a search', 'for (const id of ids) { const a = await load(id); if (a.ok) return a; }', '-'],
  ['a retry', 'for (let i = 0; i < 3; i++) { try { x = await load(i); break; } catch {} }', '-'],
  ['a retry with a flag', 'let ok = false; for (let i = 0; i < 3 && !ok; i++) ok = await load(i);', '-'],
  ['polling', 'while (!(await isDone(ids))) n++;', '-'],
  ['a cursor', 'let c = null; do { const p = await page(c); c = p.next; } while (c);', '-'],
  ['a cursor of the loop', 'for (let c = 0; c !== null;) { const p = await page(c); c = p.next; }', '-'],
  ['a cursor that counts, too', 'let c; for (let i = 0; i < 9; i++) c = await page(i, c);', '-'],
  [
    'a chain through a function',
    'let c; const next = (i) => page(i, c); for (const i of ids) c = await next(i);',
    '-',
  ],
  [
    'a queue that is emptied',
    'while (q.length > 0) { const job = q.shift(); out.push(await run(job)); }',
    '-',
  ],
  ['a queue that grows', 'for (const u of ids) { const p = await load(u); ids.push(...p.links); }', '-'],
  [
    'an object that gets each answer',
    'for (const id of ids) { const a = await db.load(id); db.note(a); }',
    '-',
  ],
  ['a running value', 'let sum = 0; for (const id of ids) sum = await add(sum, id);', '-'],
  [
    'a method of each item, which keeps what it got for itself',
    `${KEEPER} for (const item of ids) await item.init();`,
    'effect-in-loop',
  ],
  [
    'the same by an index',
    `${KEEPER} for (let i = 0; i < ids.length; i++) out.push(await ids[i].init());`,
    'in-loop',
  ],
  [
    'the same of what is found by each name, made for its effect',
    `${KEEPER} for (const id of ids) { const item = q.get(id); await item.init(); }`,
    'effect-in-loop',
  ],
  [
    'what is found by each name and asked for a value: it may be found twice',
    `${KEEPER} for (const id of ids) { const item = q[id % 2]; out.push(await item.init()); }`,
    '-',
  ],
  [
    'a method of one object, which keeps what it got',
    `${KEEPER} for (const id of ids) out.push(await q.init(id));`,
    '-',
  ],
  ['the same call each turn', 'for (const id of ids) out.push(await reader.read());', '-'],
  [
    'a pause on purpose',
    'const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); for (const id of ids) { out.push(await load(id)); await sleep(9); }',
    '- -',
  ],
  ['a generator', 'async function* g() { for (const id of ids) yield await load(id); }', '-'],
  ['a chunk of a stream', 'for await (const c of q) out.push(await load(c));', '-'],
  [
    'an inner loop that is a cursor',
    'for (const id of ids) { let c; do { c = await page(id, c); } while (c); }',
    '-',
  ],
];

const blocks: readonly (readonly [title: string, body: string, notes: string])[] = [
  [
    'two of no concern to each other',
    'const a = await x(1); const b = await y(2);',
    'begins-series independent',
  ],
  [
    'one that needs the first, and one that needs none',
    'const a = await x(1); const b = await y(a); const c = await z(3);',
    'begins-series dependent independent',
  ],
  ['a chain', 'const a = await x(1); const b = await y(a); const c = await z(b);', '- - -'],
  ['a chain through a destructured name', 'const { id } = await x(1); const b = await y(id);', '- -'],
  ['a chain through a property', 'q.a = await x(1); const b = await y(q);', '- -'],
  [
    'a chain through a closure',
    'let t; const y = () => fetch(t); t = await x(1); const b = await y();',
    '- -',
  ],
  ['a chain through a method', 'const a = await x(1); q.use(a); const b = await q.y(2);', '- -'],
  ['a condition on the first', 'const a = await x(1); if (!a) return; const b = await y(2);', '- -'],
  [
    'a condition on something else',
    'const a = await x(1); if (!ids) return; const b = await y(2);',
    'begins-series independent',
  ],
  ['an effect', 'await x(1); const b = await y(2); await z(3);', '- - -'],
  ['the same twice', 'const a = await x(1); const b = await x(1);', '- -'],
  ['two in one expression', 'return [await x(1), await y(2)];', 'begins-series independent'],
  ['one that is made only sometimes', 'const a = await x(1); const b = q ? await y(2) : 0;', '- -'],
  ['promises that run already', 'const p = x(1), r = y(2); const a = await p; const b = await r;', '- -'],
];

describe('awaits one after another', () => {
  for (const [title, body, notes] of loops)
    it(`in a loop: ${title}`, () => {
      equal(notesOf(inFunction(body)), notes);
    });
  for (const [title, body, notes] of blocks)
    it(`in a block: ${title}`, () => {
      equal(notesOf(inFunction(body)), notes);
    });

  it('are noted in modules and methods, and in TypeScript', () => {
    equal(notesOf('const a = await x(1); export const b = await y(2);'), 'begins-series independent');
    const method = (body: string): string =>
      notesOf(
        `class A { async load(id: Id): Promise<Row> { return get(this.base, id); } async f() { ${body} } }`,
        true,
      );
    equal(method('for (const id of this.ids) this.rows[id] = (await this.load(id))!;'), 'in-loop');
    equal(method('for (const id of this.ids) this.base = (await this.load(id))!;'), '-');
    equal(method('for (const id of this.ids) this.rows[id] = await this.inherited(id);'), '-');
    equal(method('for (const id of this.rows) this.rows[id] = await this.load(id);'), '-');
    equal(
      notesOf(
        'async function f(ids: string[]) { const out: R[] = []; for (const id of ids) out.push((await load(id)) as R); }',
        true,
      ),
      'in-loop',
    );
  });

  it('are not those of a function that changes what the next one reads', () => {
    const append = 'let last; async function append(x) { last = await sign(last, x); return last; }';
    equal(notesOf(`${append} ${inFunction('for (const id of ids) out.push(await append(id));')}`), '- -');
    const add = 'class L { async add(x) { this.at = await sign(this.at, x); return this.at; } }';
    equal(notesOf(`${add} ${inFunction('for (const id of ids) out.push(await q.add(id));')}`), '- -');
    const counted = 'let n = 0; async function load(x) { n++; return await get(x); }';
    equal(
      notesOf(`${counted} ${inFunction('for (const id of ids) out.push(await load(id));')}`),
      '- in-loop',
    );
  });

  it('are none of what vite makes of imports', () => {
    const imports = (loader: string): string =>
      inFunction(`const a = await ${loader}("/a.ts"); const b = await ${loader}("/b.ts"); return [a, b];`);
    equal(notesOf(imports('__vite_ssr_import__')), '- -');
    equal(notesOf(imports('__vite_ssr_dynamic_import__')), '- -');
    equal(notesOf(imports('load')), 'begins-series independent');
  });

  it('are not taken for a series where one is a pause of Node', () => {
    const pause = "import { setTimeout as wait } from 'node:timers/promises';";
    equal(notesOf(`${pause} ${inFunction('for (const id of ids) await wait(id);')}`), '-');
    equal(
      notesOf(`${pause} ${inFunction('const a = await x(1); await wait(5); const b = await y(2);')}`),
      '- - -',
    );
  });
});
