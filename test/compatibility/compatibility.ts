/**
 * `npm run compatibility`: whether the library is found and runs wherever its users have it, as a
 * table: bundlers, loaders, test runners, pnpm, Nodes, and the ways in which TypeScript resolves
 * modules. What cannot run on this machine is said, and then the matrix has not passed.
 *
 *   npm run compatibility [-- --only=esbuild,jest] [--nodes=20,24]
 */
import { findNode, type NodeMajor } from '../machine/node-binaries.ts';
import { reasonOf } from '../machine/results.ts';
import { type Row, runWay } from './matrix.ts';
import { KINDS } from './program.ts';
import { installTools } from './tools.ts';
import { checks } from './types.ts';
import { bundlerWays } from './ways-bundlers.ts';
import { loaderWays, pnpmWay } from './ways-loaders.ts';
import { runnerWays } from './ways-runners.ts';

const MAJORS: readonly NodeMajor[] = [20, 22, 24, 26];
const ways = [...loaderWays, pnpmWay, ...runnerWays, ...bundlerWays];

const option = (name: string): string[] =>
  (process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '')
    .split(',')
    .filter((word) => word !== '');
const only = option('only');
const isWanted = ({ name }: { readonly name: string }): boolean =>
  only.length === 0 || only.some((word) => name.toLowerCase().includes(word.toLowerCase()));
const majors = option('nodes').length === 0 ? MAJORS : (option('nodes').map(Number) as NodeMajor[]);

const notRun: string[] = [];
const faults: string[] = [];
const nodes = new Map<NodeMajor, string>();
for (const major of majors) {
  try {
    nodes.set(major, await findNode(major));
  } catch (error) {
    notRun.push(`Node ${major}: ${reasonOf(error)}`);
  }
}

const tools = await installTools().catch((error: unknown) => {
  notRun.push(`everything: the packages are not there: ${reasonOf(error)}`);
  return null;
});
if (tools !== null) {
  const rows: Row[] = [];
  for (const way of ways.filter(isWanted)) {
    const row = await runWay(way, tools, nodes);
    console.error(`${row.faults.length === 0 ? 'ok  ' : 'NO  '} ${row.name}`);
    rows.push(row);
    faults.push(...row.faults);
  }
  const checked: string[][] = [];
  for (const check of checks.filter(isWanted)) {
    const fault = await check.run(tools).then(
      () => null,
      (error: unknown) => reasonOf(error),
    );
    console.error(`${fault === null ? 'ok  ' : 'NO  '} ${check.name}`);
    checked.push([check.name, fault === null ? 'yes' : 'NO']);
    if (fault !== null) faults.push(`${check.name}: ${fault}`);
  }
  const heads = ['a function that is …', 'inline', 'exported', 'imported', 'by workerModule()', 'Node'];
  print([
    heads,
    ...rows.map(({ name, words, nodes: ran }) => [name, ...KINDS.map((kind) => words[kind]), ran.join(' ')]),
  ]);
  print([['the package in …', ''], ...checked]);
  console.log(
    'yes: it runs. says: it is refused, and the message names the way that is open. NO: see below.',
  );
}
for (const fault of faults) console.log(`\n${fault.slice(0, 3000)}`);
for (const line of notRun) console.log(`not run: ${line}`);
console.log(`\n${faults.length} faults, ${notRun.length} not run`);
if (faults.length + notRun.length > 0) process.exitCode = 1;

function print(lines: readonly (readonly string[])[]): void {
  if (lines.length < 2) return;
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const format = (line: readonly string[]): string =>
    line
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const [head, ...rest] = lines;
  console.log(`\n${format(head!)}\n${widths.map((width) => '─'.repeat(width)).join('  ')}`);
  for (const line of rest) console.log(format(line));
}
