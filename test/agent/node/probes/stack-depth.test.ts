/**
 * How deep async recursion goes under trace, measured against the same program untraced, and what
 * is left when it goes too deep: nothing printed, and a recording that holds.
 */
import { equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** Prints how many calls are under way when the stack is used up. */
const MEASURE = `
let calls = 0;
async function walk(d) { calls++; if (d > 0) return await walk(d - 1); return 1 }
async function step(d) { calls++; if (d > 0) { await step(d - 1); } }
class Tree { async sum(d, x) { calls++; try { return d > 0 ? x + await this.sum(d - 1, x) : 0 } catch (e) { throw e } } }
const tree = new Tree();
const shapes = { walk, step, sum: (d) => tree.sum(d, 1) };
const shape = shapes[process.argv[2]];
await shape(1e5).catch((e) => console.log(e.name, calls));
`;

/** Of the depth that the program reaches untraced. A frame there has four or five registers. */
const MIN_SHARE = { full: 0.89, light: 0.6 } as const;

for (const node of NODES) {
  describe(`deep async recursion on ${node.name}`, () => {
    for (const shape of ['walk', 'step', 'sum']) {
      it(`goes nearly as deep as untraced: ${shape}`, async function () {
        this.timeout(120_000);
        const untraced = await deepest(shape, null);
        for (const depth of ['full', 'light'] as const) {
          const traced = await deepest(shape, depth);
          ok(traced >= MIN_SHARE[depth] * untraced, `${depth}: ${traced} of ${untraced}`);
        }
      });
    }

    async function deepest(shape: string, depth: 'full' | 'light' | null): Promise<number> {
      const { stdout } = await traceProgram(MEASURE, {
        node: node.path,
        untraced: depth === null,
        // Frames of optimized code differ from run to run.
        args: ['--no-opt', '--no-maglev', '--no-sparkplug'],
        programArgs: [shape],
        ...(depth === null ? {} : { env: { SIMUL_DEPTH: depth } }),
      });
      match(stdout, /^RangeError \d+\n$/);
      return Number(stdout.split(' ')[1]);
    }

    for (const depth of ['full', 'light']) {
      it(`prints nothing where it goes too deep, and its tasks end: ${depth}`, async function () {
        this.timeout(30_000);
        const { stdout, stderr, code, text } = await traceProgram(
          `async function walk(d) { return await walk(d + 1) }
           async function later() { await null }
           async function main() { try { await walk(0) } catch (e) { console.log(e.name) } await later() }
           await main(); await main();`,
          { node: node.path, env: { SIMUL_DEPTH: depth } },
        );
        equal(stderr, '');
        equal(stdout, 'RangeError\nRangeError\n');
        equal(code, 0);
        const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
        ok(count(/ activationBegin /g) > 5000);
        equal(count(/ activationEnd /g), count(/ activationBegin /g));
        // What comes after is the child of what called it, not of a task that died.
        const mains = [...text.matchAll(/activationBegin id=(\d+) .*name="main"/g)].map(([, id]) => id);
        const parents = [...text.matchAll(/activationBegin id=\d+ parent=(\d+) .*name="later"/g)];
        equal(parents.map(([, id]) => id).join(), mains.join());
      });
    }
  });
}
