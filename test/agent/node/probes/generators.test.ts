/** What is recorded of generators that are not async, where the person asked to see them. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { atOnce } from '../../../support/at-once.ts';
import { NODES, type Traced, traceProgram } from '../trace-program.ts';

interface Row {
  readonly title: string;
  /** The body of an async function that drives generators. */
  readonly program: string;
  /** What is recorded of generators: their ids count from a. */
  readonly records: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    title: 'each next runs it with a value, each yield gives one, and it returns',
    program: `class Order {}
      function* sums() { const one = yield 1; yield one; return null }
      const g = sums(); g.next(); g.next(new Order()); g.next();`,
    records: [
      'begins a',
      'a gives number',
      'driver resumes a with Order',
      'a gives Order',
      'driver resumes a with undefined',
      'a ends ok',
    ],
  },
  {
    title: 'an error that is thrown in is caught, or ends it',
    program: `function* catches() { try { yield 1 } catch { yield 2 } }
      const g = catches(); g.next(); g.throw(new RangeError('in'));
      try { g.throw('out') } catch {}`,
    records: [
      'begins a',
      'a gives number',
      'driver resumes a with RangeError',
      'a gives number',
      'driver resumes a',
      'a ends error',
    ],
  },
  {
    title: 'an error of its own ends it',
    program: `function* fails() { yield 1; throw new Error('own') }
      try { for (const x of fails()); } catch {}`,
    records: ['begins a', 'a gives number', 'driver resumes a with undefined', 'a ends error'],
  },
  {
    title: 'return closes it: by a call, a break, and what takes only the first values',
    program: `function* plain() { yield 1 }
      function* cleans() { try { yield 1 } finally { await_() } }
      const await_ = () => {};
      const g = plain(); g.next(); g.return();
      for (const x of cleans()) break;
      const [first] = plain();`,
    records: ['a', 'b', 'c'].flatMap((id) => [
      `begins ${id}`,
      `${id} gives number`,
      `driver closes ${id}`,
      `driver resumes ${id}`,
      `${id} ends cancelled`,
    ]),
  },
  {
    title: 'a finally that yields or returns keeps it open or ends it otherwise',
    program: `function* stays() { try { yield 1 } finally { yield 2 } }
      function* gives() { try { yield 1 } finally { return 2 } }
      for (const make of [stays, gives]) { const g = make(); g.next(); g.return(); g.next() }`,
    records: [
      ...['begins a', 'a gives number', 'driver closes a', 'driver resumes a', 'a gives number'],
      ...['driver resumes a with undefined', 'a ends cancelled'],
      ...['begins b', 'b gives number', 'driver closes b', 'driver resumes b', 'b ends ok'],
    ],
  },
  {
    title: 'while it delegates it rests, and its consumer asks the other',
    program: `function* inner() { yield 'x'; return 5 }
      function* outer() { const n = yield* inner(); yield n }
      for (const x of outer());`,
    records: [
      ...['begins a', 'a gives nothing', 'begins b', 'b gives string', 'driver resumes b with undefined'],
      ...['b ends ok', 'driver resumes a with number', 'a gives number'],
      ...['driver resumes a with undefined', 'a ends ok'],
    ],
  },
  {
    title: 'closing reaches those to which it delegates, the innermost first',
    program: `function* inner() { yield 1 }
      function* outer() { yield* inner() }
      for (const x of outer()) break;`,
    records: [
      ...['begins a', 'a gives nothing', 'begins b', 'b gives number', 'driver closes b', 'driver resumes b'],
      ...['b ends cancelled', 'driver closes a', 'driver resumes a', 'a ends cancelled'],
    ],
  },
  {
    title: 'one that drives another is its consumer, as a tree that is walked',
    program: `function* walk(n) { if (n > 0) for (const x of walk(n - 1)) yield x; yield n }
      for (const x of walk(1));`,
    records: [
      ...['begins a', 'begins b', 'b gives number', 'a gives number', 'driver resumes a with undefined'],
      ...['a resumes b with undefined', 'b ends ok', 'a gives number'],
      ...['driver resumes a with undefined', 'a ends ok'],
    ],
  },
  {
    title: 'types of values are told without running code of theirs',
    program: `const fails = () => { throw new Error('asked') };
      const shy = new Proxy({}, { get: fails, getPrototypeOf: fails });
      class Named { static get name() { return fails() } }
      function* gives() { yield shy; yield new Named(); yield [1]; yield () => {}; yield Object.create(null) }
      for (const x of gives());`,
    records: [
      ...['begins a', 'a gives nothing', 'driver resumes a with undefined', 'a gives nothing'],
      ...[
        'driver resumes a with undefined',
        'a gives Array',
        'driver resumes a with undefined',
        'a gives function',
      ],
      ...[
        'driver resumes a with undefined',
        'a gives nothing',
        'driver resumes a with undefined',
        'a ends ok',
      ],
    ],
  },
];

/** Of the records those of generators, in a few words. */
function wordsOf(text: string): string[] {
  const names = new Map<string, string>([['0', 'nobody']]);
  const seen = new Set<string>();
  const words: string[] = [];
  for (const line of text.split('\n')) {
    const [, kind = '', rest = ''] = /^\d+ (\w+) (.*)$/.exec(line) ?? [];
    const field = (key: string): string =>
      new RegExp(`(?:^| )${key}=(?:"([^"]*)"|(\\S+))`).exec(rest)?.slice(1).join('') ?? '';
    const id = field('id');
    if (kind === 'activationBegin' && rest.includes('kind=generator')) {
      names.set(id, 'abcdef'.charAt(seen.size));
      seen.add(id);
      words.push(`begins ${names.get(id)!}`);
    } else if (kind === 'activationBegin') names.set(id, field('name'));
    else if (kind === 'cancel')
      words.push(`${names.get(field('by'))!} closes ${names.get(field('target'))!}`);
    else if (!seen.has(id)) continue;
    else if (kind === 'wait') {
      assert.equal(field('reason'), 'consumer');
      words.push(`${names.get(id)!} gives ${field('type') || 'nothing'}`);
    } else if (kind === 'run') {
      const by = /waker=(\d+)/.exec(rest)?.[1] ?? '0';
      words.push(`${names.get(by)!} resumes ${names.get(id)!}${field('type') && ` with ${field('type')}`}`);
    } else if (kind === 'activationEnd') words.push(`${names.get(id)!} ends ${field('outcome')}`);
  }
  return words;
}

for (const { name, path: node } of NODES)
  for (const depth of ['full', 'light'])
    describe(`generators on request, on ${name}, ${depth}`, () => {
      let traced: readonly Traced[];
      before(async function () {
        this.timeout(60_000);
        traced = await atOnce(ROWS, ({ program }) =>
          traceProgram(`async function driver() { await null; ${program} }\nawait driver();\n`, {
            node,
            env: { SIMUL_GENERATORS: '1', SIMUL_DEPTH: depth },
          }),
        );
      });
      for (const [i, { title, records }] of ROWS.entries())
        it(title, () => {
          const { text, stderr } = traced[i]!;
          assert.equal(stderr, '');
          assert.deepEqual(wordsOf(text), records, text);
        });
    });

describe('generators without a request', () => {
  it('leave no record', async () => {
    const { text } = await traceProgram(
      'function* g() { yield 1 } async function f() { return [...g()] } await f();',
    );
    assert.deepEqual(wordsOf(text), []);
  });
});
