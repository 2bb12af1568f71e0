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

const KEEP = 'const Promises = Promise;\n';

describe('a file that declares a global name itself', () => {
  after(() => rmSync(folder, { recursive: true }));
  for (const [how, declare] of Object.entries(DECLARATIONS)) {
    for (const [major, node] of nodes) {
      it(`does what it does untraced: ${how}, Node ${major}`, async function () {
        this.timeout(60_000);
        for (const name of NAMES) {
          const promises = name === 'Promise' ? '' : KEEP;
          const text = promises + declare(name);
          writeFileSync(
            join(folder, `${how}-${name}.cjs`),
            promises === '' ? text.replaceAll('Promises', '(async () => {})().constructor') : text,
          );
        }
        const program = join(folder, `${how}.cjs`);
        writeFileSync(
          program,
          `(async () => { for (const name of ${JSON.stringify(NAMES)}) {
            try { console.log(name, await require('./${how}-' + name + '.cjs').work()) }
            catch (error) { console.log(name, 'threw', typeof error) } } })()`,
        );
        await compare(node, program);
      });
    }
  }

  for (const [major, node] of nodes) {
    it(`does what it does untraced: import, Node ${major}`, async function () {
      this.timeout(60_000);
      writeFileSync(join(folder, 'mine.mjs'), `export const mine = 'mine';\n`);
      for (const name of NAMES) {
        const text = `import { mine as ${name} } from './mine.mjs';\n`;
        const kept = name === 'Promise' ? 'const Promises = (async () => {})().constructor;\n' : KEEP;
        writeFileSync(join(folder, `import-${name}.mjs`), `${text}${kept}${BODY(name)}export { work };`);
      }
      const program = join(folder, 'import.mjs');
      writeFileSync(
        program,
        `for (const name of ${JSON.stringify(NAMES)}) {
          try { console.log(name, await (await import('./import-' + name + '.mjs')).work()) }
          catch (error) { console.log(name, 'threw', typeof error) } }`,
      );
      await compare(node, program);
    });
  }
});

async function compare(node: string, program: string): Promise<void> {
  const traced = await instrumented(node, program);
  const plain = await untraced(node, program);
  deepEqual([traced.stdout, traced.stderr, traced.code], [plain.stdout, plain.stderr, plain.code]);
  equal(plain.stderr, '');
  deepEqual(traced.seen.faults, []);
  ok((traced.seen.counts['enter'] ?? 0) > NAMES.length);
}
