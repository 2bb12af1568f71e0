/** Updates of what several runs share: which expressions get a probe. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Site } from '../../../../runtime/agent/node/contract/probe-set.ts';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { removeProbes } from '../../../../runtime/agent/node/contract/remove-probes.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

function instrumented(source: string): { readonly code: string; readonly sites: readonly Site[] } {
  const outcome = instrument(source, {
    path: '/f.js',
    kind: 'commonjs',
    typescript: false,
    jsx: false,
    depth: 'full',
    parse,
  });
  if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
  const { code, sites } = outcome.result;
  equal(removeProbes(code), source);
  return { code, sites };
}

const sitesOf = (source: string): readonly Site[] => instrumented(source).sites;

/** "reads n 0": how, what and the owner, in the order of the text. */
function steps(source: string): string[] {
  const { code, sites } = instrumented(source);
  const owners = new Map(
    [...code.matchAll(/\$simul\$s=(\d+),\$simul\$J\(\$simul\$b\(\),((?:\[[^\]]*\]|[^()])+)\)/g)].map(
      ([, site, owner]) => [Number(site), owner!.replaceAll('$simul$', '$')],
    ),
  );
  return sites.flatMap(({ shared }, i) =>
    shared === undefined ? [] : [`${shared.how} ${shared.name} ${owners.get(i)}`],
  );
}

const inAsync = (body: string): string => `async function f(a) { ${body} }`;

describe('runs of reduce that await the one before them first', () => {
  const takers = (source: string): string =>
    sitesOf(source)
      .filter(({ role, text }) => role === 'function' && text !== '')
      .map(({ text }) => text)
      .join();
  const cases: readonly (readonly [title: string, body: string, taker: string])[] = [
    [
      'what needs nothing of it',
      'async (b, x) => { const all = await b; all.push(await load(x)); return all; }',
      'a.reduce',
    ],
    ['a list that is spread', 'async (b, x) => [...(await b), await load(x)]', 'a.reduce'],
    ['what needs it', 'async (b, x) => { const v = await b; return await step(v, x); }', ''],
    ['what is done for its effect', 'async (b, x) => { await b; await save(x); }', ''],
    ['what begins before', 'async (b, x) => { const v = await load(x); return [...(await b), v]; }', ''],
  ];
  for (const [title, callback, taker] of cases)
    it(`are known: ${title}`, () => equal(takers(`a.reduce(${callback}, Promise.resolve([]));`), taker));
});

describe('answers that are kept where all runs share one place', () => {
  const found: readonly (readonly [title: string, source: string, steps: readonly string[]])[] = [
    ['an awaited answer', inAsync('this.rows = await load(a);'), ['sets this.rows this']],
    [
      'what is made of one',
      inAsync('const r = await load(a); const n = r.length; v.b.rows = r; v.n = n;'),
      ['sets v.b.rows v', 'sets v.n v'],
    ],
    ['a variable of the file', `let rows; ${inAsync('rows = (await load(a)).rows;')}`, ['sets rows 0']],
    [
      'what a handler is given',
      'async function g() {} load(1).then((r) => { v.rows = r; });',
      ['answers v.rows v'],
    ],
    [
      'what a subscriber is given',
      'async function g() {} s.subscribe({ next(r) { v.rows = r.rows; } }); s.subscribe((r) => { this.r = r; });',
      ['answers v.rows v', 'answers this.r this'],
    ],
    ['by a key that is given', inAsync('v[a] = await load(a);'), ['sets v[a] [v,a]']],
    ['what was given, after an await', inAsync('await load(); v.set(1, a); w = a;'), ['sets v[1] v']],
    [
      'what a setter or a view is given',
      inAsync('v.render(await load(a)); setRows(await load(a));'),
      ['sets v.render() v', 'sets setRows() 0'],
    ],
    ['by a condition that was asked before', inAsync('if (a) v.rows = await load(a);'), ['sets v.rows v']],
  ];
  for (const [title, source, expected] of found)
    it(`are found: ${title}`, () => deepEqual(steps(source), expected));

  const silent: readonly (readonly [title: string, source: string])[] = [
    ['what is looked at first', inAsync('const r = await load(a); if (a === last) v.rows = r;')],
    ['what may have been left', inAsync('const r = await load(a); if (a !== last) return; v.rows = r;')],
    ['what is written later than it is called', inAsync('const r = await load(a); await v.set(a, r);')],
    ['a time or the last that ended', inAsync('await load(a); v.lastDone = a; v.set(a, now());')],
    ['what is kept before the await', inAsync('v.set(a, a); await load(a);')],
    ['what is no answer', inAsync('await load(a); v.done = true;')],
    ['what was not asked for by what was given', inAsync('v.rows = await load();')],
    ['a variable of its own', inAsync('const v = {}; v.rows = await load(a);')],
    ['a sum', inAsync('v.sum += await load(a);')],
    ['a loop', inAsync('for (const b of a) v.rows = await load(b);')],
    ['what a plain function is given', 'async function g() {} xs.forEach((r) => { v.rows = r; });'],
  ];
  // What updates a place is found as such.
  const ofAnswers = (source: string): string[] =>
    steps(source).filter((step) => step.startsWith('sets ') || step.startsWith('answers '));
  for (const [title, source] of silent)
    it(`are not found of ${title}`, () => deepEqual(ofAnswers(source), []));
});

describe('lists that are asked by async functions', () => {
  const inFile = (text: string): string => `async function isOpen(x) { return x; } ${text}`;
  const found: readonly (readonly [title: string, source: string, steps: readonly string[]])[] = [
    ['a function in place', inFile('a.b.filter(async (x) => x);'), ['filters a.b.filter 0']],
    ['a function by its name', inFile('const c = a.some(isOpen);'), ['filters a.some 0']],
    ['a list that is nobody’s', inFile('g().find(isOpen);'), ['filters g.find 0']],
    ['a function of a package', inFile('_.filter(a, isOpen);'), ['filters _.filter 0']],
    ['what a list is asked next', inFile('a.filter(isOpen).map(g);'), ['filters a.filter 0']],
  ];
  for (const [title, source, expected] of found)
    it(`are found: ${title}`, () => deepEqual(steps(source), expected));

  const silent: readonly (readonly [title: string, source: string])[] = [
    ['a function that is not async', inFile('a.filter((x) => isOpen(x));')],
    ['a name that means two things', inFile('function g(isOpen) { a.filter(isOpen); }')],
    [
      'what V8 describes in an error',
      inFile('a.filter(isOpen)(); a.filter(isOpen).nothing(); a.find(isOpen)`b`;'),
    ],
    ['what awaits what it is given', inFile('a.map(isOpen); a.filter.call(isOpen);')],
  ];
  for (const [title, source] of silent) it(`are not found of ${title}`, () => deepEqual(steps(source), []));
});

describe('awaits that ask the same each time round', () => {
  const asks = (body: string): string =>
    sitesOf(`async function f(a) { ${body} }`)
      .filter(({ asksAgain }) => asksAgain === true)
      .map(({ text }) => text)
      .join(', ');
  const cases: readonly (readonly [title: string, body: string, found: string])[] = [
    ['a try without end', 'for (;;) try { return await load(a); } catch {}', 'load(a)'],
    [
      'a try that counts',
      'for (let i = 0; i < 9; i++) { const r = await fetch(a); if (r.ok) return r; }',
      'fetch(a)',
    ],
    [
      'an inner loop',
      'for (const b of a) while (!done) { try { done = await load(b); } catch {} }',
      'load(b)',
    ],
    ['what the loop goes over', 'for (const b of a) await load(b);', ''],
    ['what a turn takes', 'while (a.length) { const b = a.shift(); await load(b); }', ''],
    ['what counts', 'for (let i = 0; ; i++) await load(a, i);', ''],
    ['a pause', 'const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); for (;;) await sleep(a);', ''],
    ['no loop', 'await load(a); a.forEach(async (b) => { await load(b); });', ''],
    ['what is no call', 'for (;;) await a;', ''],
  ];
  for (const [title, body, found] of cases) it(`are known: ${title}`, () => equal(asks(body), found));
});

describe('signals that a function is given, and looks at', () => {
  /** A function that is given one says so at its begin, where the probe gets it plainly. */
  const found: readonly (readonly [title: string, source: string, steps: readonly string[]])[] = [
    [
      'a parameter',
      'async function f(rows, signal) { while (!signal.aborted) await g(); }',
      ['given signal undefined', 'looks signal signal'],
    ],
    [
      'a property of the options, with and without',
      'async function f(a, options) { options?.signal?.throwIfAborted(); await g(options.signal); }',
      ['given options.signal undefined', 'looks options.signal options'],
    ],
    [
      'a part of the options',
      'const f = async ({ abortSignal = null, n }) => { if (abortSignal?.aborted) return; await g(n); };',
      ['given abortSignal undefined', 'looks abortSignal abortSignal'],
    ],
    [
      'a look in a function that is not async',
      'const check = (s) => { if (s.aborted) throw 0; }; async function f() { await g(); check(a.s); }',
      ['looks s s'],
    ],
  ];
  for (const [title, source, expected] of found)
    it(`are found: ${title}`, () => deepEqual(steps(source), expected));

  const silent: readonly (readonly [title: string, source: string])[] = [
    [
      'what is assigned, deleted or called',
      inAsync('a.aborted = 1; delete a.aborted; a.aborted(); await g();'),
    ],
    ['a pattern', inAsync('const { aborted } = a; await g(aborted);')],
    ['options whose signal nobody names', 'async function f(options) { await g(options); }'],
  ];
  for (const [title, source] of silent) it(`are not found of ${title}`, () => deepEqual(steps(source), []));
});

describe('updates of what is shared', () => {
  const found: readonly (readonly [title: string, source: string, steps: readonly string[]])[] = [
    [
      'a variable of the module',
      inAsync('const b = n; await g(); const c = b + a; n = c;'),
      ['reads n 0', 'writes n 0'],
    ],
    ['an assignment that reads first', inAsync('n += await g();'), ['writes n 0', 'reads n 0']],
    ['what the awaited call is given', inAsync('n = await g(n);'), ['writes n 0', 'reads n 0']],
    ['a property', inAsync('this.n = this.n + (await g());'), ['writes this.n this', 'reads this.n this']],
    [
      'a property that is taken out of its object',
      inAsync('const { left } = a.stock; await g(); a.stock.left = left - 1;'),
      ['reads a.stock.left a', 'writes a.stock.left a'],
    ],
    [
      'an element, by the variable that holds its key',
      inAsync('const b = n[a]; await g(); n[a] = b + 1;'),
      ['reads n[a] [n,a]', 'writes n[a] [n,a]'],
    ],
    [
      'an entry of a map',
      inAsync('const b = m.get(a) ?? 0; await g(); m.set(a, b + 1);'),
      ['reads m[a] [m,a]', 'writes m[a] [m,a]'],
    ],
    [
      'what two functions load and save',
      inAsync('const v = await loadVotes(); v[a] = (v[a] ?? 0) + 1; await saveVotes(v);'),
      ['reads votes 0', 'asks votes 0', 'writes votes 0'],
    ],
    [
      'what two functions load and save by a key',
      inAsync('const user = await readUser(a); user.n++; await writeUser(a, user);'),
      ['reads user[a] [0,a]', 'asks user[a] [0,a]', 'writes user[a] [0,a]'],
    ],
    [
      'what two functions of the file load and save',
      `let kept; const loadVotes = async () => kept; async function saveVotes(v) { kept = v; }
       ${inAsync('const v = await loadVotes(); v[a]++; await saveVotes(v);')}`,
      ['reads votes 0', 'asks votes 0', 'writes votes 0'],
    ],
    [
      'an entry of a store that gives it later',
      inAsync('const b = await m.get(a); await m.set(a, b + 1);'),
      ['reads m[a] [m,a]', 'asks m[a] [m,a]', 'writes m[a] [m,a]'],
    ],
    [
      'a file',
      inAsync(
        'const b = JSON.parse(await readFile(a)); b.push(1); await fs.writeFile(a, JSON.stringify(b));',
      ),
      ['reads the file a [0,a]', 'asks the file a [0,a]', 'writes the file a [0,a]'],
    ],
    [
      'a variable of a function, by an object beside it',
      'function m() { let n = 0; return async () => { n += await g(); }; }',
      ['writes n $v0', 'reads n $v0'],
    ],
    ['what is made where nothing was', inAsync('if (!n) n = await g();'), ['misses n 0', 'makes n 0']],
    ['what is made in one expression', inAsync('n ??= await g();'), ['makes n 0', 'misses n 0']],
    [
      'what is made and kept by its key',
      inAsync('let b = m.get(a); if (b === undefined) { b = await g(); m.set(a, b); }'),
      ['misses m[a] [m,a]', 'makes m[a] [m,a]'],
    ],
    [
      'what a map says that it has not',
      inAsync('if (!this.m.has(a)) { const b = await g(a); this.m.set(a, b); }'),
      ['misses this.m[a] [this,a]', 'makes this.m[a] [this,a]'],
    ],
    [
      'a flag that says that it is done',
      inAsync('if (!this.ready) { await g(); this.ready = true; }'),
      ['misses this.ready this', 'makes this.ready this'],
    ],
    [
      'a private field',
      'class C { #c; async f() { if (!this.#c) this.#c = await g(); } }',
      ['misses this.#c this', 'makes this.#c this'],
    ],
    [
      'the one thing that an object keeps',
      inAsync('const v = await a.read(); await a.write(v - 1);'),
      ['reads a a', 'asks a a', 'writes a a'],
    ],
    [
      'what methods load and save',
      inAsync('const v = await this.getSeats(a); await this.setSeats(a, v - 1);'),
      ['reads seats[a] [this,a]', 'asks seats[a] [this,a]', 'writes seats[a] [this,a]'],
    ],
    [
      'a listener after an await',
      inAsync('await g(); a.on("letter", g); a.once("end", g);'),
      ['awaits letter a'],
    ],
    [
      'a listener in a promise after an await',
      inAsync('const b = g(); await g(); await new Promise((r) => b.once("open", r));'),
      ['awaits open b'],
    ],
    [
      'a wait for an event after an await',
      inAsync('await g(); await once(this.b, "end");'),
      ['awaits end this'],
    ],
  ];
  for (const [title, source, expected] of found)
    it(`are found of ${title}`, () => deepEqual(steps(source), expected));

  const silent: readonly (readonly [title: string, source: string])[] = [
    ['what is read after the await', inAsync('await g(); n = n + 1;')],
    ['what is read again after the await', inAsync('const b = n; await g(); n = Math.max(n, b);')],
    ['what stands behind the await', inAsync('n = (await g()) + n;')],
    [
      'two functions that have one noun and work on two things',
      `const sources = new Map(), site = new Map(); async function readPage(n) { return sources.get(n); }
       async function writePage(n, html) { site.set(n, html); }
       ${inAsync('const text = await readPage(a); await writePage(a, text + 1);')}`,
    ],
    [
      'two functions that have a word in common and nothing of the file',
      `async function readPage(n) { try { return JSON.parse(n); } catch (error) { return error; } }
       async function writePage(n, html) { try { await performance.mark(html); } catch (error) { throw error; } }
       ${inAsync('const text = await readPage(a); await writePage(a, text + 1);')}`,
    ],
    ['what a condition reads', inAsync('if (n) { await g(); n = 1; }')],
    ['what is waited for while it is there', inAsync('if (n) await g(); n = true;')],
    ['what is made and kept at once', inAsync('if (!n) n = g(); await n;')],
    ['what waits for a promise that is there', inAsync('if (!n) n = await a;')],
    ['what is looked for again after the await', inAsync('if (!n) await g(); n = a;')],
    ['what is taken away', inAsync('if (n) { await g(); n = null; }')],
    ['a listener before the await', inAsync('a.on("end", g); await g();')],
    ['a listener of what the await gave', inAsync('const b = await g(); b.on("end", g);')],
    [
      'a listener of what another function declares',
      'const b = g(); async function f() { await g(); b.on("end", g); }',
    ],
    ['an event that is expected while nobody listens', inAsync('await g(); a.on("drain", g);')],
    ['a local variable', inAsync('let n = 0; n += await g();')],
    ['a parameter', inAsync('a = a + (await g());')],
    ['a parameter of the function around it', 'function m(n) { return async () => { n += await g(); }; }'],
    [
      'one of two variables of a name',
      'function m() { { let n = 0; } let n = 1; return async () => { n += await g(); }; }',
    ],
    [
      'a variable of an inner block',
      'function m() { { let n = 0; } return async () => { n += await g(); }; }',
    ],
    ['what V8 describes by its text', inAsync('const b = (await m.get(a)).c(); await m.set(a, b);')],
  ];
  for (const [title, source] of silent) it(`are not found of ${title}`, () => deepEqual(steps(source), []));
});
