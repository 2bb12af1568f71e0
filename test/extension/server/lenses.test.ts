import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lensesIn } from '../../../extension/server/lenses.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';

const linesOf = (text: string, name = 'a.ts'): number[] =>
  lensesIn(new WholeDocument(`file:///work/${name}`, 'typescript', 1, text)).map(
    ({ range }) => range.start.line,
  );

describe('the lens of a file', () => {
  const runnable: readonly (readonly [what: string, text: string])[] = [
    ['a call', 'function main() {}\nmain();'],
    ['an await', 'import { f } from "./f.ts";\nawait f();'],
    ['a method call over lines', 'async function f() {\n  g();\n}\nf()\n  .catch(console.error);'],
    ['a void expression', 'void main();'],
    ['a value that is computed', 'export const server = createServer(handle);'],
    ['an awaited value', 'const { a } = await load();'],
    ['a loop', 'for (const url of urls) {\n  fetch(url);\n}'],
    ['a function called where it stands', 'const x = 1;\nPromise.all([1]).then(() => {});'],
  ];
  for (const [what, text] of runnable) {
    it(`is offered for ${what} at the top level`, () => assert.equal(linesOf(text).length, 1));
  }

  const withoutLens: readonly (readonly [what: string, text: string, name?: string])[] = [
    ['declarations alone', 'export async function f() {\n  await g();\n}\nexport const limit = 3;'],
    ['a class', 'export class Store {\n  async load() {\n    await f();\n  }\n}'],
    ['a call in a comment', '/*\nmain();\n*/\n// main();\nexport const a = 1;'],
    ['a call in a template', 'export const text = `\nmain();\n`;'],
    ['a test file without a test', 'import { it } from "mocha";\ndescribe("a", () => {});'],
    ['a declaration file', 'declare const x: Promise<void>;\nf();', 'a.d.ts'],
    ['required modules', "const fs = require('node:fs');\nmodule.exports = { a };"],
    ['an empty file', ''],
    ['another language', 'main()', 'a.rb'],
  ];
  for (const [what, text, name] of withoutLens) {
    it(`is not offered for ${what}`, () => assert.deepEqual(linesOf(text, name), []));
  }

  const python: readonly (readonly [what: string, text: string, line: number | null, name?: string])[] = [
    ['the guard', 'def main(): pass\n\nif __name__ == "__main__":\n    main()\n', 2],
    ['the guard in other marks', "x = 1\nif '__main__' == __name__: main()\n", 1],
    ['a call at the end', 'import asyncio\n\nasync def main(): pass\n\nasyncio.run(main())\n', 4],
    ['a loop at the end', 'for x in range(3):\n    print(x)\n', 0],
    ['a call in a text', 'x = """\nmain()\n"""\n', null],
    ['a module', 'import logging\nlogging.basicConfig()\n\ndef f():\n    main()\n', null],
    ['a guard that is not one', 'if __name__ == "other":\n    pass\n', null],
    ['a decorator alone', '@app.get("/")\ndef f(): pass\n', null],
    ['a test file without a test', 'import pytest\n\ndef f(): pass\n\nf()\n', null, 'test_a.py'],
    ['a test file with a guard', 'if __name__ == "__main__": unittest.main()\n', 0, 'test_a.py'],
  ];
  for (const [what, text, line, name = 'a.py'] of python) {
    it(`stands in Python at ${what}: ${line === null ? 'nowhere' : `line ${line + 1}`}`, () =>
      assert.deepEqual(linesOf(text, name), line === null ? [] : [line]));
  }

  it('stands above the first statement, below the comment at the head', () => {
    assert.deepEqual(
      linesOf('#!/usr/bin/env node\n// What it does.\n/* And\n how. */\n\nimport a from "a";\na();'),
      [5],
    );
  });

  it('is offered for each test of a file that a runner runs, and for all of them', () => {
    const text = "describe('a', () => {\n  it('b', () => {});\n  it('c', () => {});\n});";
    const lenses = lensesIn(new WholeDocument('file:///work/a.test.ts', 'typescript', 1, text));
    const uri = 'file:///work/a.test.ts';
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title, command?.arguments]),
      [
        [1, '▷ Trace all tests of the file', [{ uri, titles: [] }]],
        [1, '▷ Trace this test', [{ uri, titles: ['a', 'b'] }]],
        [2, '▷ Trace this test', [{ uri, titles: ['a', 'c'] }]],
      ],
    );
    for (const { command } of lenses) assert.equal(command?.command, 'simul.traceTest');
  });

  it('is offered for each test and class of tests in Python, and for all of them', () => {
    const text = 'import pytest\n\nclass TestA:\n    async def test_b(self): pass\n\ndef test_c(): pass\n';
    const uri = 'file:///work/test_a.py';
    const lenses = lensesIn(new WholeDocument(uri, 'python', 1, text));
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title, command?.arguments]),
      [
        [2, '▷ Trace all tests of the file', [{ uri, titles: [] }]],
        [2, '▷ Trace this class', [{ uri, titles: ['TestA'] }]],
        [3, '▷ Trace this test', [{ uri, titles: ['TestA', 'test_b'] }]],
        [5, '▷ Trace this test', [{ uri, titles: ['test_c'] }]],
      ],
    );
  });

  it('runs the command that the extension registers, with the document', () => {
    const [lens] = lensesIn(new WholeDocument('file:///work/a.ts', 'typescript', 1, 'main();'));
    assert.deepEqual(lens?.command, {
      title: '▷ Trace with Simul',
      command: 'simul.traceCurrentFile',
      arguments: ['file:///work/a.ts'],
    });
  });
});
