/** The WebAssembly builds of parser and transformer, as their packages ship them. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { loadWasm } from '../../../../runtime/agent/node/loader/wasm-binding.ts';

interface Parser {
  parseSync(
    path: string,
    source: string,
    options: object,
  ): { program: string; errors: { message: string }[] };
}
interface Transformer {
  transformSync(path: string, source: string, options: object): { code: string; errors: unknown[] };
}

const require = createRequire(import.meta.url);
const shipped = (tool: string): string =>
  join(dirname(require.resolve(`oxc-${tool}/package.json`)), `${tool}.wasm32-wasip1.wasm`);

describe('the WebAssembly build', () => {
  it('of the parser returns the tree as JSON, with positions', () => {
    const parser = loadWasm(shipped('parser')) as Parser;
    const { program, errors } = parser.parseSync('a.ts', 'await f<number>(1);', {
      lang: 'ts',
      sourceType: 'module',
    });
    assert.deepEqual(errors, []);
    const { node } = JSON.parse(program) as {
      node: { body: { expression: { type: string; end: number } }[] };
    };
    assert.equal(node.body[0]?.expression.type, 'AwaitExpression');
    assert.equal(node.body[0]?.expression.end, 18);
  });

  it('of the parser reports the errors of a text', () => {
    const parser = loadWasm(shipped('parser')) as Parser;
    assert.deepEqual(
      parser
        .parseSync('a.ts', 'let a = 1; }', { lang: 'ts', sourceType: 'module' })
        .errors.map(({ message }) => message),
      ['Unexpected token'],
    );
  });

  it('of the transformer removes types and enums', () => {
    const transformer = loadWasm(shipped('transform')) as Transformer;
    const { code, errors } = transformer.transformSync('a.ts', 'enum A { b = 1 }\nlet x: number = A.b;', {
      lang: 'ts',
    });
    assert.deepEqual(errors, []);
    assert.match(code, /A\[A\["b"\] = 1\] = "b"/);
    assert.match(code, /let x = A\.b;/);
  });

  it('listens for nothing in the process, and keeps nothing alive', () => {
    const heard = (): string[] =>
      process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
    // Node schedules an immediate of its own when memory was collected.
    const open = (): string[] => process.getActiveResourcesInfo().filter((type) => type !== 'Immediate');
    const before = heard();
    const resources = open();
    loadWasm(shipped('parser'));
    assert.deepEqual(heard(), before);
    assert.deepEqual(open(), resources);
  });

  it('throws when its file is missing', () => {
    assert.throws(() => loadWasm('/nowhere/parser.wasm'), /ENOENT/);
  });
});
