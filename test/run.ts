/**
 * Runs the test suites and prints one total.
 *
 *   npm test                        all suites but `hostile`
 *   npm test -- unit browser        the suites named
 *   npm test -- unit --grep=words   the tests whose titles match
 *
 * It passes over nothing in silence: a suite that cannot run and a test that skips itself count as
 * failures, with the reason; what a machine lacks for a test, the last line says. It fetches what a
 * suite needs (test/machine/), says so before, and keeps it in a cache outside the checkout.
 */

import { SUITES, type Suite } from './machine/suites.ts';
import { reasonOf, type Failure, type Tally } from './machine/results.ts';

/** The whole run ends by then, whatever hangs: continuous integration has 30 minutes. */
const MAX_RUN_MS = 27 * 60_000;
const args = process.argv.slice(2);
const grep = args.find((arg) => arg.startsWith('--grep='))?.slice('--grep='.length);
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
const known = SUITES.map((suite) => suite.name).join(', ');

let passed = 0;
const absent: string[] = [];
const failures: Failure[] = unknown.map((name) => ({
  title: `there is no suite "${name}"`,
  reason: `the suites are ${known}`,
}));

// Ctrl-C does not reach the suites, which are process groups of their own: exit handlers end them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

for (const suite of SUITES.filter(({ name, byName }) =>
  names.length === 0 ? !byName : names.includes(name),
)) {
  console.log(`\n━━ ${suite.name}: ${suite.what}`);
  const startMs = performance.now();
  const tally = await runSuite(suite);
  passed += tally.passed;
  absent.push(...(tally.absent ?? []));
  failures.push(
    ...tally.failures.map((failure) => ({ ...failure, title: `[${suite.name}] ${failure.title}` })),
  );
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`━━ ${suite.name}: ${tally.passed} passed, ${tally.failures.length} failed (${seconds} s)`);
}

if (failures.length > 0) console.log('\nWhat failed:');
for (const [index, { title, reason }] of failures.entries()) {
  console.log(`\n${index + 1}. ${title}\n${reason.replace(/^/gm, '   ')}`);
}
if (passed + failures.length === 0) console.log('\nNothing ran.');
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
const notRun = absent.length === 0 ? '' : `, ${absent.length} not run on this machine: ${absent.join('; ')}`;
console.log(`\n${passed} passed, ${failures.length} failed${notRun}`);

async function runSuite(suite: Suite): Promise<Tally> {
  try {
    const leftMs = MAX_RUN_MS - performance.now();
    if (leftMs <= 0)
      throw new Error(`nothing is left of the ${MAX_RUN_MS / 60_000} minutes of the whole run`);
    return await suite.run({ grep, leftMs });
  } catch (error) {
    return {
      passed: 0,
      failures: [{ title: `the suite "${suite.name}" could not be run`, reason: reasonOf(error) }],
    };
  }
}
