/**
 * `npm run structure` counts what counts.ts lists and exits with 1 when a bound is broken.
 * `npm run structure -- runtime/tasks media` tells only what stands in these folders or files;
 * `--only=circles,names` counts these alone. The tree is read whole all the same: a circle
 * and an import upwards lead out of a folder.
 */

import { tree as root } from '../machine/tree.ts';
import { counts } from './counts.ts';
import { isWithin } from './imports.ts';
import { readTree } from './source-tree.ts';

const { only, rooms } = readArguments(process.argv.slice(2));
const tree = readTree(root);
const results = counts
  .filter(({ name }) => only === undefined || only.includes(name))
  .map(({ name, what, bound, occurrences }) => {
    const found = occurrences(tree).filter(
      ({ path }) => rooms.length === 0 || rooms.some((room) => isWithin(path, room)),
    );
    return { name, what, bound, found, isBroken: found.length > bound };
  });

for (const { name, what, bound, found, isBroken } of results) {
  const verdict = isBroken ? 'TOO MANY' : 'ok';
  console.log(
    `${name.padEnd(11)} ${String(found.length).padStart(5)}  at most ${String(bound).padStart(2)}  ${verdict.padEnd(8)}  ${what}`,
  );
}
for (const { what, found, isBroken } of results) {
  if (found.length === 0) continue;
  console.log(`\n${what}${isBroken ? '' : ' (within the bound)'}:`);
  for (const occurrence of found) console.log(`  ${occurrence.path}:${occurrence.line}  ${occurrence.what}`);
}
if (results.some(({ isBroken }) => isBroken)) process.exitCode = 1;

function readArguments(args: readonly string[]): {
  readonly only: readonly string[] | undefined;
  readonly rooms: readonly string[];
} {
  let names: readonly string[] | undefined;
  const paths: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--only') names = (args[++at] ?? '').split(',');
    else if (arg.startsWith('--only=')) names = arg.slice('--only='.length).split(',');
    else paths.push(arg.replace(/^\.\//, '').replace(/\/$/, ''));
  }
  const unknown = names?.filter((name) => !counts.some((count) => count.name === name)) ?? [];
  if (unknown.length > 0) {
    const known = counts.map(({ name }) => name).join(', ');
    console.error(`there is no count "${unknown.join(', ')}"; the counts are ${known}`);
    process.exit(1);
  }
  return { only: names, rooms: paths };
}
