/** The counting of `npm run structure`, on trees of a few lines. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { wideComments } from './comments.ts';
import { declarationsOf, retiredNamesIn } from './declarations.ts';
import { floors, type Floor } from './floors.ts';
import { circlesIn, floorOf, importsOf, importsUpwards, mayImport } from './imports.ts';
import type { Occurrence } from './occurrence.ts';
import { functionsWithManyParameters } from './parameters.ts';
import { isTable, longFiles } from './sizes.ts';
import { parseTree } from './source-tree.ts';

const said = (occurrences: readonly Occurrence[]): string[] =>
  occurrences.map(({ path, line, what }) => `${path}:${line} ${what}`);

describe('the structure', () => {
  describe('imports', () => {
    it('are found in every form, with their lines', () => {
      const tree = parseTree({
        'a/a.ts': [
          "import { b } from '../b.ts';",
          "import type { C } from './c.ts';",
          "export * from './d.ts';",
          "let e: import('./e.ts').E;",
          "const f = await import('./f.ts');",
          "import './g.ts';",
          "import { join } from 'node:path';",
          "import text from 'worker:./h.ts';",
          'const quoted = "import \'./i.ts\'";',
        ].join('\n'),
        'b.ts': '',
        'a/c.ts': '',
        'a/d.ts': '',
        'a/e.ts': '',
        'a/f.ts': '',
        'a/g.ts': '',
        'a/h.ts': '',
        'a/i.ts': '',
      });
      assert.deepEqual(
        importsOf(tree).map(({ to, line }) => `${line} ${to}`),
        ['1 b.ts', '2 a/c.ts', '3 a/d.ts', '4 a/e.ts', '5 a/f.ts', '6 a/g.ts'],
      );
    });

    it('make a circle when a file reaches itself, be it by types alone', () => {
      const tree = parseTree({
        'a.ts': "import { b } from './b.ts';",
        'b.ts': "\nimport { c } from './c.ts';",
        'c.ts': "import type { A } from './a.ts';\nimport { d } from './d.ts';",
        'd.ts': "import { e } from './e.ts';",
        'e.ts': '',
      });
      assert.deepEqual(said(circlesIn(importsOf(tree))), ['a.ts:1 a.ts → b.ts → c.ts → a.ts']);
    });

    it('go upwards when no row allows them, and every folder needs a row', () => {
      const rows: readonly Floor[] = [
        { room: 'low', imports: [] },
        { room: 'high', withFolders: true, imports: ['low'] },
      ];
      const tree = parseTree({
        'low/a.ts': "import { b } from '../high/b.ts';",
        'high/b.ts': "import { a } from '../low/a.ts';\nimport { c } from './deep/c.ts';",
        'high/deep/c.ts': '',
        'low/deep/d.ts': '',
      });
      assert.deepEqual(said(importsUpwards(tree, importsOf(tree), rows)), [
        'low/deep/d.ts:1 low/deep has no row in floors.ts',
        'low/a.ts:1 low may not import high (high/b.ts)',
      ]);
    });
  });

  describe('the table of floors', () => {
    it('lets a room import only what stands above it in the table', () => {
      const wrong = floors.flatMap((floor, at) =>
        floors
          .slice(at + 1)
          .filter((later) => mayImport(floor, later))
          .map((later) => `${floor.room} imports ${later.room}`),
      );
      assert.deepEqual(wrong, []);
    });

    it('names rooms that have a row, each once', () => {
      const rooms = floors.map(({ room }) => room);
      assert.deepEqual(rooms, [...new Set(rooms)]);
      const unknown = floors.flatMap(({ imports }) =>
        imports.filter(
          (allowed) => !floors.some((floor) => mayImport({ room: '', imports: [allowed] }, floor)),
        ),
      );
      assert.deepEqual(unknown, []);
    });

    it('gives a file the row of the nearest folder', () => {
      assert.equal(floorOf('test/structure/floors.ts', floors)?.room, 'test');
      assert.equal(floorOf('runtime/trace/format/kinds.ts', floors)?.room, 'runtime/trace/format');
      assert.equal(floorOf('esbuild.mjs', floors)?.room, '.');
      assert.equal(floorOf('runtime/unknown/a.ts', floors), undefined);
    });
  });

  it('counts lines, and lets a table be longer', () => {
    const rows = "  ['a', 1],\n".repeat(30);
    const tree = parseTree({
      'short.ts': 'a;\n'.repeat(10),
      'long.ts': 'a;\n'.repeat(11),
      'table.cases.ts': `export const cases = [\n${rows}] as const;\n`,
      'plain.cases.ts': `export const cases = [\n${rows}];\n${'a;\n'.repeat(10)}`,
      'inside.cases.ts': `const cases = [\n${rows}];\n`,
      'table.ts': `export const cases = [\n${rows}];\n`,
    });
    assert.deepEqual(
      said(
        longFiles(
          tree.filter((file) => !isTable(file)),
          10,
        ),
      ),
      [
        'long.ts:1 11 lines',
        'plain.cases.ts:1 42 lines',
        'inside.cases.ts:1 32 lines',
        'table.ts:1 32 lines',
      ],
    );
  });

  it('counts the parameters of what has a body', () => {
    const six = 'a, b, c, d, e, f';
    const tree = parseTree({
      'a.ts': [
        `function many(${six}) {}`,
        `function few(a, b, c, d, e) {}`,
        `const arrow = (${six}) => a;`,
        `interface I { signature(${six}): void }`,
        `class C { constructor(${six}) {} method(${six}) {} #own(${six}) {} }`,
        `call((${six}) => a);`,
      ].join('\n'),
    });
    assert.deepEqual(said(functionsWithManyParameters(tree, 6)), [
      'a.ts:1 many has 6 parameters',
      'a.ts:3 arrow has 6 parameters',
      'a.ts:5 a constructor has 6 parameters',
      'a.ts:5 method has 6 parameters',
      'a.ts:5 #own has 6 parameters',
      'a.ts:6 a function without a name has 6 parameters',
    ]);
  });

  describe('comments', () => {
    const wide = (text: string, path = 'a.ts'): string[] =>
      said(wideComments(parseTree({ [path]: text }), 20));

    it('are wide by the column of their end', () => {
      assert.deepEqual(
        wide(
          [
            '// twenty columns .', // 19
            '// twenty columns ..', // 20
            '// twenty columns ...', // 21
            'code(); // after code',
            '/* first',
            ' * and a second line',
            ' * and a third line, with more',
            ' */',
            '/* short */ code(1, 2, 3, 4);',
            '// ─────── ▶ drawn ok',
          ].join('\n'),
        ),
        ['a.ts:3 21 columns', 'a.ts:4 21 columns', 'a.ts:7 30 columns', 'a.ts:10 21 columns'],
      );
    });

    it('are not what a string, a template, a pattern or a text of the page holds', () => {
      assert.deepEqual(
        wide(
          [
            "const a = 'https://example.org/a';",
            'const b = `http://${a}//${a}// c`;',
            'const c = /[/*] [//] and more/;',
            'const d = <p>// this is a text</p>;',
            'const e = `${a/* */} and // on`;',
          ].join('\n'),
          'a.tsx',
        ),
        [],
      );
    });

    it('may be as wide as a URL', () => {
      assert.deepEqual(wide(' * x\n// https://example.org/a/b/c'), []);
      assert.deepEqual(wide('// see https://example.org/a/b/c'), ['a.ts:1 32 columns']);
    });

    it('are counted in style sheets', () => {
      assert.deepEqual(
        wide(
          '/* this is a wide comment */\na { b: url(//example.org/*.png); }\nb { content: "/* no comment */"; }',
          'a.css',
        ),
        ['a.css:1 28 columns'],
      );
    });
  });

  describe('declarations', () => {
    it('are types, functions, constants of a module, members, files and rules', () => {
      const tree = parseTree({
        'some-file.test.ts': [
          'export class A { b = 1; #c() {} get d() { return 1; } }',
          'interface E { f: number; g(): void }',
          'type H = { i: number };',
          'function j(k) { const l = 1; function m() {} }',
          'export const n = 1, { o } = p;',
          "const held: Rule = { name: 'a-rule', says: 'b' };",
        ].join('\n'),
      });
      assert.deepEqual(
        declarationsOf(tree).map(({ kind, name, line }) => `${line} ${kind} ${name}`),
        [
          '1 file some-file',
          ...['1 type A', '1 member b', '1 member c', '1 member d'],
          ...['2 type E', '2 member f', '2 member g'],
          ...['3 type H', '3 member i'],
          ...['4 function j', '4 function m'],
          '5 constant n',
          ...['6 constant held', '6 rule a-rule'],
        ],
      );
    });

    it('are told when their name is retired where they stand, with the name to use', () => {
      const tree = parseTree({
        'room/stays-here.ts': 'class Box {}\nconst MOST_ROWS = 1;\nfunction boxes() {}',
        'other/a.ts': 'class Box {}\nlet LEAST = 1;\nconst ALMOST = 1;',
      });
      const retired = [
        { names: ['MOST', 'MOST_*', '*_MOST', 'LEAST'], use: 'MAX_… or MIN_…' },
        { names: ['Box'], rooms: ['room'], kinds: ['type'], use: 'Crate' },
        { names: ['staysHere'], use: 'isTransferable' },
      ] as const;
      assert.deepEqual(said(retiredNamesIn(tree, retired)), [
        'room/stays-here.ts:1 file stays-here: use isTransferable',
        'room/stays-here.ts:1 type Box: use Crate',
        'room/stays-here.ts:2 constant MOST_ROWS: use MAX_… or MIN_…',
        'other/a.ts:2 constant LEAST: use MAX_… or MIN_…',
      ]);
    });
  });
});
