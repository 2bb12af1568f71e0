/**
 * A sample of the suite "the same" (`npm run same`), on the Node that runs the tests.
 * It needs no packages and depends on no cache. Which cases it takes is a matter of their number.
 */
import { fail } from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import type { NodeMajor } from '../machine/node-binaries.ts';
import { allPrograms } from './all-programs.ts';
import { casesOf, DEPTHS, depthsOf, MAJORS, type Case } from './cases.ts';
import { check, nameOf } from './check.ts';
import { makeProject } from './project.ts';
import { WAYS } from './ways.ts';

/** Of the cases of `node FILE` and of each other way, every so manieth. */
const STRIDE_OF_NODE = 13;
const STRIDE_OF_OTHERS = 23;

const own = Number(process.versions.node.split('.')[0]) as NodeMajor;
const majors = MAJORS.filter((major) => major === own);
const cases = casesOf({
  ways: WAYS.filter(({ packages }) => packages === undefined),
  programs: await allPrograms(),
  majors,
  isWhole: false,
});
const every = (all: readonly Case[], stride: number): Case[] =>
  all.filter((_, index) => index % stride === 0);
const sample = [
  ...every(
    cases.filter(({ way }) => way.name === 'node'),
    STRIDE_OF_NODE,
  ),
  ...every(
    cases.filter(({ way }) => way.name !== 'node'),
    STRIDE_OF_OTHERS,
  ),
];

const GENERATORS = ['language/sync-generators.cjs', 'stacks/sync-generators.mjs'];

describe('a program with generators does the same untraced and with them traced', () => {
  const project = makeProject();
  after(() => project.dispose());
  const bench = { project, nodeOf: () => process.execPath };
  for (const one of cases.filter(
    ({ way, program }) => way.name === 'node' && GENERATORS.includes(program.name),
  )) {
    it(nameOf(one), async () => {
      const [finding] = await check(bench, one, ['generators']);
      if (finding!.lines.length > 0) fail(finding!.lines.join('\n'));
    });
  }
});

describe('a program does the same untraced and traced', () => {
  const project = makeProject();
  after(() => project.dispose());
  const bench = { project, nodeOf: () => process.execPath };
  for (const [index, one] of sample.entries()) {
    // Each case in one depth: the next one has another.
    const depths = depthsOf(one.program, DEPTHS);
    const depth = depths[index % depths.length]!;
    it(`${nameOf(one)}, ${depth}`, async () => {
      const [finding] = await check(bench, one, [depth]);
      const { lines, known } = finding!;
      if (known === undefined && lines.length > 0) fail(lines.join('\n'));
      if (known !== undefined && lines.length === 0)
        fail(`it no longer differs; its entry in known.ts has to go: ${known.reason}`);
    });
  }
});
