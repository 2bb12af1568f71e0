import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { type ReadStack, readQuestion, readStack } from '../../../../runtime/agent/node/holds/read-stack.ts';

interface Frame {
  readonly name: string;
  readonly file: string | null;
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

/** "name file:line", the innermost first; without a slash in it the file is none of a disk. */
function frames(...texts: readonly string[]): Frame[] {
  return texts.map((text) => {
    const [, name = '', script = '', line = '0'] = /^(\S*) ?(\S*?)(?::(\d+))?$/.exec(text)!;
    const file = script.startsWith('/') ? script : null;
    return { name, file, script, line: Number(line), column: 1 };
  });
}
const isAgent = (file: string): boolean => file.startsWith('/agent/');
const read = (...texts: readonly string[]): string => told(readStack(frames(...texts), isAgent, true, false));

function told(stack: ReadStack): string {
  if (stack.is === 'agent') return 'agent';
  if (stack.is === 'foreign') return `(${stack.what})`;
  const { deepest, outermost, callee } = stack;
  const place = (frame: { readonly name: string; readonly line: number }): string =>
    `${frame.name}:${frame.line}`;
  return `${place(deepest)}${callee === '' ? '' : ` in ${callee}`} from ${outermost ? place(outermost) : '?'}`;
}

describe('the stack of a held thread', () => {
  it('names the deepest line of the program, and the one where the thread came in', () => {
    assert.equal(
      read('render /app/a.js:14', 'handle /app/a.js:23', 'emit node:events:5'),
      'render:14 from handle:23',
    );
  });

  it('names what that line called: V8, Node, a package', () => {
    assert.equal(read('RegExp.test', 'check /app/a.js:8'), 'check:8 in RegExp.test from check:8');
    assert.equal(
      read('Buffer.from node:buffer:1', 'Object.pbkdf2Sync node:internal/crypto:78', 'hash /app/a.js:7'),
      'hash:7 in pbkdf2Sync from hash:7',
    );
    assert.equal(
      read('walk /app/node_modules/@x/y/i.js:1', 'compile /app/node_modules/@x/y/i.js:9', 'load /app/a.js:3'),
      'load:3 in compile of @x/y from load:3',
    );
  });

  it('takes a nameless function that a built-in calls for a part of that call', () => {
    assert.equal(
      read(' /app/a.js:9', 'Array.sort', 'pageOf /app/a.js:9', 'handle /app/a.js:14'),
      'pageOf:9 in Array.sort from handle:14',
    );
    assert.equal(read('byName /app/a.js:3', 'Array.sort', 'pageOf /app/a.js:9'), 'byName:3 from pageOf:9');
  });

  it('passes over the functions of emitted text: the line of the program stands below', () => {
    assert.equal(read('$simul$b /app/a.js:23', 'main /app/a.js:18'), 'main:18 from main:18');
  });

  it('takes the name of the innermost package, as it lies in another', () => {
    assert.equal(
      read('f /app/node_modules/a/node_modules/b/i.js:1', 'load /app/a.js:3'),
      'load:3 in f of b from load:3',
    );
  });

  it('says nothing while the agent works, unless its frames only call on', () => {
    const stack = ['Atomics.wait', 'wait /agent/x.js:1', 'callSync /app/a.js:13'] as const;
    assert.equal(read(...stack), 'agent');
    assert.equal(
      told(readStack(frames(...stack), isAgent, true, true)),
      'callSync:13 in Atomics.wait from callSync:13',
    );
    assert.equal(
      read('f /app/a.js:2', 'callback /agent/timers.js:1', 'listOnTimeout node:internal/timers:1'),
      'f:2 from f:2',
      'frames below the program’s',
    );
  });

  it('tells modules that are loaded, code of packages alone, and nothing', () => {
    assert.equal(
      read('x /app/node_modules/ajv/i.js:1', 'run node:internal/modules/esm/module_job:2'),
      '(module loading)',
    );
    assert.equal(
      read('compileForInternalLoader node:internal/bootstrap/realm:1', 'fetch node:x:1', 'get /app/a.js:1'),
      '(module loading)',
      'Node loads what `fetch` needs',
    );
    assert.equal(
      read('x /app/node_modules/ajv/i.js:1', 'listOnTimeout node:internal/timers:1'),
      '(code of ajv)',
    );
    assert.equal(read(), '()');
  });

  it('lies below the frames of the answer and of the question', () => {
    const stack = frames('sample /agent/s.js:1', 'held /agent/probes.js:1', ' :1', 'f /app/a.js:2');
    assert.equal(told(readQuestion(stack, isAgent, true, false)), 'f:2 from f:2');
  });

  it('does not name the outermost line of a stack that was not read to its end', () => {
    assert.equal(
      told(readStack(frames('f /app/a.js:2', 'f /app/a.js:2'), isAgent, false, false)),
      'f:2 from ?',
    );
  });
});
