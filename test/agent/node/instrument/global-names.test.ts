/**
 * Emitted text looks up nothing by a name that the user's file may declare: for every global name
 * there is a file that declares it, in each way, and does what it does untraced.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { instrumented, nodes, untraced } from '../run-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'simul-globals-'));
const NAMES = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Za-z]\w*$/.test(name));

const BODY = (name: string): string => `async function work() {
  await null;
  try { await Promises.all([1]); await new Promises((r) => r()); throw 1 } catch { await 2 } finally { await 3 }
  for await (const x of [1]) void nothing();
  return [typeof ${name}, String(${name}).length];
}
async function nothing() {}
async function* items() { yield 1; return ${name}; }
`;

/** By how the name is declared; in CommonJS, so that all can be one program. */
const DECLARATIONS: Readonly<Record<string, (name: string) => string>> = {
  var: (name) => `var ${name} = 'mine';\n${BODY(name)}exports.work = work;`,
  let: (name) => `let ${name} = 'mine';\n${BODY(name)}exports.work = work;`,
  function: (name) => `${BODY(name)}exports.work = work;\nfunction ${name}() { return 'mine' }`,
  class: (name) => `class ${name} {}\n${BODY(name)}exports.work = work;`,
  parameter: (name) => `exports.work = ((${name}) => {\n${BODY(name)}return work })('mine');`,
};

describe('a file that declares a global name itself', () => {
  after(() => rmSync(folder, { recursive: true }));
  for (const [major, node] of nodes) {
    it(`does what it does untraced, Node ${major}`, async function () {
      this.timeout(60_000);
      const hows = Object.keys(DECLARATIONS);
      for (const [how, declare] of Object.entries(DECLARATIONS)) {
        for (const name of NAMES) {
          writeFileSync(join(folder, `${how}-${name}.cjs`), kept(name) + declare(name));
        }
      }
      writeFileSync(join(folder, 'mine.mjs'), `export const mine = 'mine';\n`);
      for (const name of NAMES) {
        const text = `import { mine as ${name} } from './mine.mjs';\n${kept(name)}${BODY(name)}export { work };`;
        writeFileSync(join(folder, `import-${name}.mjs`), text);
      }
      const program = join(folder, 'program.mjs');
      writeFileSync(
        program,
        `const show = console.log, files = ${JSON.stringify([...hows.map((how) => [how, 'cjs']), ['import', 'mjs']])};
        for (const [how, ending] of files) for (const name of ${JSON.stringify(NAMES)}) {
          try { show(how, name, await (await import('./' + how + '-' + name + '.' + ending)).work()) }
          catch (error) { show(how, name, 'threw', typeof error) } }`,
      );
      await compare(node, program);
    });
  }
});

/** The constructor of promises under a name that is not global. */
function kept(name: string): string {
  return name === 'Promise'
    ? 'const Promises = (async () => {})().constructor;\n'
    : 'const Promises = Promise;\n';
}

async function compare(node: string, program: string): Promise<void> {
  const traced = await instrumented(node, program);
  const plain = await untraced(node, program);
  deepEqual([traced.stdout, traced.stderr, traced.code], [plain.stdout, plain.stderr, plain.code]);
  equal(plain.stderr, '');
  deepEqual(traced.seen.faults, []);
  ok((traced.seen.counts['enter'] ?? 0) > NAMES.length);
}
