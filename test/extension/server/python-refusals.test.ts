import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { refusalsIn } from '../../../extension/server/python-refusals.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';
import { logicalLines } from '../../../runtime/launch/python-source.ts';

const refused = (text: string, language = 'python'): string[] =>
  refusalsIn(new WholeDocument('file:///work/a.py', language, 1, text)).map(
    ({ range: { start, end }, code, message }) =>
      `${start.line + 1}:${start.character + 1}-${end.character + 1} ${code} ${String(message)}`,
  );

/** Whether the Python of this machine compiles it. */
function compiles(text: string): boolean {
  const { status, error } = spawnSync(
    'python3',
    ['-c', 'import sys; compile(sys.stdin.read(), "a", "exec")'],
    {
      input: text,
    },
  );
  if (error !== undefined) throw error;
  return status === 0;
}

describe('what Python refuses', () => {
  const wrong: readonly (readonly [what: string, text: string, places: readonly string[]])[] = [
    ['an await in a plain function', 'def load():\n    return await get()\n', ['2:12-17']],
    ['an await at the top level', 'import a\nx = await a.get()\n', ['2:5-10']],
    ['an await in a class body', 'class A:\n    x = await get()\n', ['2:9-14']],
    [
      'an await in a plain function inside a coroutine',
      'async def f():\n    def g():\n        await h()\n    await h()\n',
      ['3:9-14'],
    ],
    ['an await in a default outside', 'async def f(x=await g()):\n    pass\n', ['1:15-20']],
    ['an await behind a definition on its line', 'def f(): await g()\n', ['1:10-15']],
    ['an async with', 'def f():\n\tasync with a:\n\t\tpass\n', ['2:2-12']],
    ['an async for', 'def f():\n    async for x in y:\n        pass\n', ['2:5-14']],
    ['a yield from in a coroutine', 'async def f():\n    x = yield from g()\n', ['2:9-19']],
    [
      'a wait over lines, behind texts and comments',
      'async def f():\n    """def g():\n"""\n\ndef g():  # async def\n    x = ("async def",\n  await h())\n',
      ['7:3-8'],
    ],
  ];
  for (const [what, text, places] of wrong) {
    it(`is told of ${what}`, () => {
      assert.deepEqual(
        refused(text).map((words) => words.split(' ')[0]),
        places,
      );
      assert.equal(compiles(text), false, 'Python itself takes it');
    });
  }

  const right: readonly (readonly [what: string, text: string])[] = [
    [
      'in a coroutine',
      'async def f():\n    if x:\n        await g()\n    async with a as b, c:\n        pass\n',
    ],
    [
      'a coroutine in a class in a function',
      'def f():\n    class A:\n        async def g(self): await h()\n',
    ],
    [
      'a function without a wait inside a coroutine',
      'async def f():\n    def g():\n        yield from h()\n    await x\n',
    ],
    [
      'words in texts and comments',
      'def f():\n    # await g()\n    return "await g()" + f"""\n await x"""\n',
    ],
    ['attributes of the name', 'def f(x):\n    return x.await_all() or x.awaiting\n'],
    ['a blank line and a comment at the left', 'async def f():\n    x = 1\n\n# here\n    await g()\n'],
    ['lines that go on at the left', 'async def f():\n    x = [\n1,\n]\n    y = 1 + \\\n2\n    await g()\n'],
    ['a default outside in a coroutine', 'async def f():\n    async def g(x=await h()):\n        pass\n'],
    ['an annotation with a colon', 'async def f(x: dict = {1: 2}) -> "a:b":\n    await g()\n'],
    ['a lambda after', 'async def f():\n    await g(lambda: 1)\n'],
    ['another generator', 'def f():\n    yield from g()\n'],
    ['nothing', ''],
  ];
  for (const [what, text] of right) {
    it(`is silent: ${what}`, () => {
      assert.deepEqual(refused(text), []);
      assert.equal(compiles(text), true, 'Python itself refuses it');
    });
  }

  it('says why in one sentence, and what would do', () => {
    assert.deepEqual(refused('def load():\n    await get()\n'), [
      '2:5-10 await-outside-async `await` may stand only inside an `async def`: `load` is a plain function, which runs to its end and cannot be suspended; make it `async def load` and await it where it is called.',
    ]);
    assert.match(refused('await get()\n')[0]!, /start that with `asyncio\.run\(main\(\)\)`\.$/);
    assert.match(refused('async def f():\n    yield from g()\n')[0]!, /`async for item in …: yield item`\.$/);
  });

  it('is not looked for in other languages', () => {
    assert.deepEqual(refused('await get();\n', 'typescript'), []);
  });
});

describe('logical lines of Python', () => {
  it('hold what goes on in brackets, texts and behind a backslash, and know their place', () => {
    const source = 'a = (1,\n  # no\n  2)\n\n\tb = """x\ny"""; c\nd = 1 + \\\r\n  2\ne\n';
    assert.deepEqual(
      logicalLines(source).map(({ line, indent, text, start }) => [
        line,
        indent,
        text.replace(/\s+/g, ' '),
        source[start],
      ]),
      [
        [0, 0, 'a = (1, 2)', 'a'],
        [4, 8, 'b = " ; c', 'b'],
        [6, 0, 'd = 1 + 2', 'd'],
        [8, 0, 'e', 'e'],
      ],
    );
  });

  it('end at the end of their line where a text was not closed', () => {
    assert.deepEqual(
      logicalLines("a = 'it\nb = 1\n").map(({ line }) => line),
      [0, 1],
    );
  });
});
