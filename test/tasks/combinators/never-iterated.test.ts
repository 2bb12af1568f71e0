/** `map` and `filter` that nobody iterates do nothing; that is told. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';

const LIBRARY = new URL('../../../runtime/index.js', import.meta.url).href;

function ran(text: string): { status: number | null; stderr: string } {
  const program = `import { collect, filter, map, run } from ${JSON.stringify(LIBRARY)};\n${text}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

describe('What map and filter give', () => {
  it('is told with its line when nobody iterates it', () => {
    const { status, stderr } = ran(
      'await run(async () => {\n  await map([1], (n) => n, { concurrency: 2 });\n  filter([1], Boolean);\n});',
    );
    assert.match(
      stderr,
      /SIMUL_NEVER_ITERATED\] SimulWarning: what map\(\), made at \S+:3:\d+, gave was never iterated, so its function was never called: iterate it with for await, or write await collect\(map\(…\)\) for a list/,
    );
    assert.match(stderr, /what filter\(\), made at \S+:4:\d+, gave was never iterated/);
    assert.equal(status, 0);
  });

  it('is not when somebody does, to the end or not', () => {
    const { status, stderr } = ran(
      'await collect(map(filter([1, 2], Boolean), (n) => n, { concurrency: 2 }));\nfor await (const n of map([1, 2], (n) => n)) if (n === 1) break;',
    );
    assert.deepEqual([status, stderr], [0, '']);
  });
});
