/**
 * Runs other people's test suites untraced and traced, and compares:
 *
 *   npm run suites -- FOLDER [--only=NAME,…] [--depth=full|light] [--rounds=N]
 *
 * FOLDER holds checkouts (`suites.ts` says of what). A missing one is said, and not passed. The
 * figures are CPU time of all processes, traced against untraced, the median of the rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSummary } from '../../runtime/launch/read-trace.ts';
import { traceEnv } from '../../runtime/launch/start-trace.ts';
import { resultsOf, type Results } from './results.ts';
import { type Suite, suites } from './suites.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, depth: { type: 'string' }, rounds: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('npm run suites -- FOLDER: the folder with the checkouts is missing');
  process.exit(2);
}
const depth = values.depth === 'light' ? 'light' : 'full';
const rounds = Number(values.rounds ?? 1);
const only = values.only?.split(',');

interface Run extends Results {
  readonly status: number | null;
  readonly cpuMs: number;
  readonly output: string;
  /** What the trace says of the files that it saw; '' untraced. */
  readonly seen: string;
}

function runOnce(suite: Suite, isTraced: boolean): Run {
  const recording = mkdtempSync(join(tmpdir(), 'simul-suite-'));
  try {
    const { NODE_OPTIONS: _, ...plain } = process.env;
    const given = { ...plain, CI: 'true', FORCE_COLOR: '0' };
    const env = isTraced ? traceEnv({ recording, env: given, depth }) : given;
    const timed = `${suite.test}; status=$?; times > "$SIMUL_TIMES"; exit $status`;
    const times = join(recording, 'times.txt');
    const { status, stdout, stderr } = spawnSync('bash', ['-c', timed], {
      cwd: join(resolve(folder!), suite.name),
      env: { ...env, SIMUL_TIMES: times },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 20 * 60_000,
    });
    const output = stdout + stderr;
    const cpuMs = cpuOf(spawnSync('cat', [times], { encoding: 'utf8' }).stdout);
    rmSync(times, { force: true });
    const lines = isTraced ? readSummary(recording) : [];
    const seen = (Array.isArray(lines) ? lines : [String(lines)])
      .filter((line) => /held async functions|not traced|could not be/.test(line))
      .join(' ');
    return { ...resultsOf(output, suite.reads), status, cpuMs, output, seen };
  } finally {
    rmSync(recording, { recursive: true, force: true });
  }
}

/** The shell's `times`: the second line is user and system time of its children. */
function cpuOf(text: string): number {
  const [user = '', system = ''] = (text.split('\n')[1] ?? '').split(' ');
  const ms = (time: string): number => {
    const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
    return Number(minutes) * 60_000 + Number(seconds) * 1000;
  };
  return ms(user) + ms(system);
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

let [passed, failed, missing, cases] = [0, 0, 0, 0];
for (const suite of suites) {
  if (only !== undefined && !only.includes(suite.name)) continue;
  const at = join(resolve(folder), suite.name);
  if (!existsSync(at)) {
    missing++;
    console.log(`missing  ${suite.name}: no ${at}; see test/suites/suites.ts for where it comes from`);
    continue;
  }
  if (!readdirSync(at).includes('node_modules')) {
    console.log(`install  ${suite.name}: ${suite.install}`);
    spawnSync('bash', ['-c', suite.install], { cwd: at, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const runs = Array.from({ length: rounds }, () => [runOnce(suite, false), runOnce(suite, true)] as const);
  const [plain, traced] = runs[0]!;
  const isSame =
    plain.passed > 0 &&
    runs.every(([a, b]) => a.passed === b.passed && a.failed === b.failed && a.status === b.status);
  const ratio = median(runs.map(([a, b]) => b.cpuMs / a.cpuMs));
  const counts = (run: Run): string => `${run.passed} passed, ${run.failed} failed, status ${run.status}`;
  cases += plain.passed + plain.failed;
  if (isSame) passed++;
  else failed++;
  console.log(
    `${isSame ? 'same    ' : 'DIFFERS '} ${suite.name}: ${counts(plain)}; CPU × ${ratio.toFixed(2)}`,
  );
  console.log(`           ${traced.seen || 'nothing is said of what was seen'}`);
  if (isSame) continue;
  console.log(`           traced: ${counts(traced)}`);
  for (const [name, run] of [['untraced', plain] as const, ['traced', traced] as const]) {
    const file = join(tmpdir(), `simul-suite-${suite.name}-${name}.txt`);
    writeFileSync(file, run.output);
    console.log(`           ${name}: ${file}`);
  }
}
console.log(`${cases} cases. ${passed} passed, ${failed} failed, ${missing} missing`);
process.exit(failed > 0 ? 1 : 0);
