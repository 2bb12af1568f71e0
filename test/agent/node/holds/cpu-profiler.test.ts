/** What V8's profiler says of a program (`--cpu`), and what it leaves as it is. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atOnce } from '../../../support/at-once.ts';
import { NODES, type Traced, type TraceOptions, traceProgram } from '../trace-program.ts';

const CPU = { SIMUL_CPU: '1' };
const cpu = (source: string, options: TraceOptions): Promise<Traced> =>
  traceProgram(source, { ...options, env: { ...options.env, ...CPU } });

/** Works until the thread itself has run for so long: how busy the machine is does not matter. */
const CRUNCH = `function crunch(ms) {
  const until = process.cpuUsage().user + ms * 1000;
  let sum = 0;
  while (process.cpuUsage().user < until) for (let i = 0; i < 1e6; i++) sum += Math.sqrt(i);
  return sum;
}`;

/** The places of all threads as "LANE NAME FILE:LINE calling WHAT", with µs, the most first. */
function placesIn({ recordings }: Traced): (readonly [place: string, us: number])[] {
  const sums = new Map<string, number>();
  for (const line of recordings.join('\n').split('\n')) {
    const found = /^(\d+) profile (.*)$/.exec(line);
    if (found === null) continue;
    const us = Number(/duration=(\d+)/.exec(found[2]!)?.[1] ?? 0);
    const site = / site="([^":]+):(\d+):\d+ line ([^"]*)"/.exec(found[2]!);
    const what = / name="([^"]*)"/.exec(found[2]!)?.[1] ?? '';
    const at = site === null ? '' : `${site[3]} ${site[1]}:${site[2]}`;
    const place = [found[1], at, what && (site === null ? what : `calling ${what}`)]
      .filter((part) => part !== '')
      .join(' ');
    sums.set(place, (sums.get(place) ?? 0) + us);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

const takesTypesOut = (name: string): boolean => !name.startsWith('Node 20');
/**
 * What has most of the time, code of the loader's aside. The clock that `crunch` asks is its own: a
 * look that finds it there may count for as long as a busy machine had no processor for the thread.
 */
function hottest(traced: Traced): string {
  const sums = new Map<string, number>();
  for (const [place, us] of placesIn(traced)) {
    if (/ (?:module loading|the instrument)$/.test(place)) continue;
    const own = place.replace(/(?<= crunch \S+) calling cpuUsage$/, '');
    sums.set(own, (sums.get(own) ?? 0) + us);
  }
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

for (const { name, path: node } of NODES) {
  describe(`a program that is profiled, on ${name}`, function () {
    this.timeout(60_000);

    it('has its hot function told, with the line, of each thread', async () => {
      const program = `${CRUNCH}
const { Worker, isMainThread } = require('node:worker_threads');
if (isMainThread) {
  new Worker(__filename);
  console.log('main', typeof crunch(250));
} else work();
function work() {
  crunch(250);
}`;
      const traced = await cpu(program, { node, name: 'a.cjs' });
      deepEqual([traced.code, traced.stderr, traced.stdout], [0, '', 'main number\n']);
      const places = placesIn(traced).map(([place]) => place);
      ok(places.includes('0 crunch a.cjs:1'), places.join('\n'));
      ok(places.includes('1 crunch a.cjs:1'), places.join('\n'));
      const held = traced.recordings.join().match(/held .*crunch.*how=sampled/g) ?? [];
      ok(held.length > 0, 'the stretches are told as those of a held thread, too');
    });

    it('has the hot function of a thread told that is ended young', async () => {
      const program = `${CRUNCH}
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
if (isMainThread) {
  const worker = new Worker(__filename);
  worker.on('message', () => worker.terminate());
} else {
  setInterval(() => crunch(20), 1);
  setTimeout(() => parentPort.postMessage('enough'), 150);
}`;
      const traced = await cpu(program, { node, name: 'a.cjs' });
      deepEqual([traced.code, traced.stderr], [0, '']);
      const places = placesIn(traced).map(([place]) => place);
      ok(places.includes('1 crunch a.cjs:1'), places.join('\n'));
    });

    it('has the hot function of a thread told that waits for work by Atomics.wait, and is ended there', async () => {
      const program = `${CRUNCH}
const { Worker, isMainThread, workerData } = require('node:worker_threads');
if (isMainThread) {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(__filename, { workerData: shared });
  Atomics.waitAsync(shared, 0, 0).value.then(() => worker.terminate());
} else {
  crunch(100);
  Atomics.store(workerData, 0, 1);
  for (let i = 0; ; i++) {
    if (i === 1) Atomics.notify(workerData, 0);
    Atomics.wait(workerData, 1, 0, i === 0 ? 1 : 60_000);
  }
}`;
      const traced = await cpu(program, { node, name: 'a.cjs' });
      deepEqual([traced.code, traced.stderr], [0, '']);
      const places = placesIn(traced).map(([place]) => place);
      ok(places.includes('1 crunch a.cjs:1'), places.join('\n'));
    });

    it('is told in lines of the source, where types were taken out', async () => {
      const types = 'interface Long {\n  readonly a: string;\n}\n';
      const crunch = CRUNCH.replace('(ms)', '(ms: number): number');
      const compiled = await cpu(`${types}enum Kind { one = 250 }\n${crunch}\ncrunch(Kind.one);`, {
        node,
        name: 'a.mts',
      });
      deepEqual([compiled.code, compiled.stderr], [0, '']);
      equal(hottest(compiled), '0 crunch a.mts:5');
      if (!takesTypesOut(name)) return;
      const options = { node, name: 'a.mts', args: ['--experimental-strip-types'], compiles: false };
      const byNode = await cpu(`${types}${crunch}\ncrunch(250);`, options);
      equal(byNode.code, 0);
      equal(hottest(byNode), '0 crunch a.mts:4');
    });

    it('is told in lines of the source, where Node has a map of what runs', async () => {
      const lines = `${CRUNCH}\ncrunch(250);`.split('\n');
      // Each line stands ten lines further down in a.ts.
      const mappings = lines.map((_, i) => (i === 0 ? 'AAUA' : 'AACA')).join(';');
      const map = JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings });
      const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      const program = `${lines.join('\n')}\n${comment}\n`;
      const traced = await cpu(program, { node, args: ['--enable-source-maps'] });
      // V8 may have put `crunch` into the script, which begins on the same line.
      match(hottest(traced), /^0 \S+ a\.ts:11$/);
    });

    it('is told by the function itself, also where V8 has put it into its caller', async () => {
      // Profiles follow one another; what was compiled under one is seen by the next.
      const program = `const { EventEmitter } = require('node:events');
function count(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum = (sum + i * 31) % 1000003;
  return sum;
}
const emitter = new EventEmitter().on('x', (n) => count(n));
const work = (ms) => { for (const until = process.cpuUsage().user + ms * 1000; process.cpuUsage().user < until;) emitter.emit('x', 1e6); };
let turns = 0;
const timer = setInterval(() => { work(250); if (++turns === 6) clearInterval(timer); }, 5);`;
      const traced = await cpu(program, { node, name: 'a.cjs' });
      const places = placesIn(traced);
      const whole = places.reduce((sum, [, us]) => sum + us, 0);
      equal(places[0]![0], '0 count a.cjs:2');
      ok(places[0]![1] > whole * 0.7, places.join('\n'));
    });

    it('is not said to work while it sleeps', async () => {
      const program = `${CRUNCH}
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
function rest() { execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 400)'], { env: {} }); }
function stand() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400); }
rest(); stand(); crunch(200);`;
      const traced = await cpu(program, { node, name: 'a.cjs' });
      equal(hottest(traced), '0 crunch a.cjs:1');
      for (const [place, us] of placesIn(traced))
        if (/ (?:rest|stand) /.test(place)) ok(us < 100_000, `${place} ${us}`);
    });

    it('has nothing recorded, and no inspector loaded, unless it is asked for', async () => {
      const program = `${CRUNCH}
crunch(100);
console.log(process.moduleLoadList.includes('NativeModule inspector'));`;
      const without = await traceProgram(program, { node, name: 'a.cjs' });
      equal(without.stdout, 'false\n');
      deepEqual(placesIn(without), []);
    });

    it('ends as it does untraced: by an error, process.exit, a signal, a terminated worker', async () => {
      const ends = {
        uncaught: `crunch(100); setTimeout(() => { throw new RangeError('mine'); }, 1);`,
        exit: `process.on('exit', (code) => console.log('exit', code)); crunch(100); process.exit(3);`,
        reallyExit: `crunch(100); process.reallyExit(4);`,
        signal: `crunch(100); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`,
        abandoned: `crunch(100); await new Promise(() => {});`,
        terminated: `import { Worker } from 'node:worker_threads';
          const worker = new Worker('for (;;);', { eval: true });
          worker.on('online', () => setTimeout(() => worker.terminate().then((code) => console.log(code)), 50));`,
        exitInWorker: `import { Worker } from 'node:worker_threads';
          new Worker('process.on("exit", () => console.log("worker")); process.exit(5)', { eval: true })
            .on('exit', (code) => console.log(code));`,
        atTheEnd: `process.on('beforeExit', once); let times = 0;
          function once() { if (times++ === 0) Promise.resolve().then(() => console.log('micro'));
            process.nextTick(() => console.log('tick')); }
          process.on('exit', () => { process.nextTick(() => console.log('never')); console.log('exit'); });`,
      };
      const runs = await atOnce(Object.entries(ends), async ([how, end]) => {
        const program = `${CRUNCH}\n${end}`;
        const untraced = await traceProgram(program, { node, untraced: true });
        return { how, untraced, traced: await cpu(program, { node }) };
      });
      for (const { how, untraced, traced } of runs) {
        const shown = ({ code, signal, stdout, stderr }: Traced) => ({
          code,
          signal,
          stdout,
          stderr: stderr.replace(/[^\s(]*simul-traced-[^/\\]*/g, '').replace(/^.*Warning.*$/gm, ''),
        });
        deepEqual(
          [how, shown(traced).code, shown(traced).signal, shown(traced).stdout],
          [how, shown(untraced).code, shown(untraced).signal, shown(untraced).stdout],
        );
        if (how !== 'uncaught') equal(shown(traced).stderr, shown(untraced).stderr, how);
        if (how === 'exit' || how === 'uncaught' || how === 'signal')
          match(hottest(traced), /crunch program\.mjs:1$/);
      }
    });

    it('may have sessions with the inspector of its own', async () => {
      const program = `${CRUNCH}
const { Session } = require('node:inspector');
const session = new Session();
session.connect();
const post = (method, params) => { let got; session.post(method, params, (error, result) => { got = error ?? result; }); return got; };
post('Profiler.enable');
post('Profiler.setSamplingInterval', { interval: 1000 });
post('Profiler.start');
crunch(300);
const { profile } = post('Profiler.stop');
const names = profile.nodes.map(({ callFrame }) => callFrame.functionName);
console.log(Object.keys(profile).sort().join(), names.includes('crunch'), profile.samples.length === profile.timeDeltas.length);
console.log(JSON.stringify(post('Profiler.stop') instanceof Error), JSON.stringify(post('Runtime.evaluate', { expression: '1 + 1' })));
session.disconnect();
crunch(100);`;
      const untraced = await traceProgram(program, { node, name: 'a.cjs', untraced: true });
      const traced = await cpu(program, { node, name: 'a.cjs' });
      deepEqual(
        [traced.stdout, traced.stderr, traced.code],
        [untraced.stdout, untraced.stderr, untraced.code],
      );
      equal(hottest(traced), '0 crunch a.cjs:1');
    });

    it('finds the same resources, and ends when it has nothing left to do', async () => {
      const program = `import { createHook } from 'node:async_hooks';
const made = [];
createHook({ init: (_id, type) => made.push(type) }).enable();
const before = process.getActiveResourcesInfo().join();
await new Promise((resolve) => setTimeout(resolve, 900));
console.log(before, process.getActiveResourcesInfo().join(), made.filter((type) => type !== 'PROMISE').join());
console.log(process._getActiveHandles().length, process.listenerCount('exit'), process.eventNames().join());`;
      const [untraced, plain, traced] = await Promise.all([
        traceProgram(program, { node, untraced: true }),
        traceProgram(program, { node }),
        cpu(program, { node }),
      ]);
      // Of a thread that is held on a busy machine the helper’s question makes one.
      const withoutImmediates = ({ stdout }: Traced): string => stdout.replace(/,?Immediate/g, '');
      equal(withoutImmediates(traced), withoutImmediates(plain));
      equal(traced.stdout.split('\n')[1], untraced.stdout.split('\n')[1]);
      deepEqual([traced.stderr, traced.code], ['', 0]);
    });

    it('may have frozen built-ins', async () => {
      const program = `${CRUNCH}\ncrunch(250);\nconsole.log(Object.isFrozen(Array.prototype));`;
      const traced = await cpu(program, { node, name: 'a.cjs', args: ['--frozen-intrinsics'] });
      deepEqual([traced.stdout, traced.code], ['true\n', 0]);
      equal(hottest(traced), '0 crunch a.cjs:1');
    });

    // The permission model is newer than Node 20.
    const whereRefused = takesTypesOut(name) ? it : () => {};
    whereRefused('says that Node refuses the profiler, and runs', async () => {
      const flag = name.includes('22') ? '--experimental-permission' : '--permission';
      const program = `${CRUNCH}\ncrunch(100);\nconsole.log('ran');`;
      const args = [flag, '--allow-fs-read=*', '--allow-fs-write=*', '--allow-worker'];
      const traced = await cpu(program, { node, name: 'a.cjs', args });
      deepEqual([traced.stdout, traced.code], ['ran\n', 0]);
      deepEqual(placesIn(traced), []);
      const told = /agent text="(where the CPU time went: [^"]*)" count=1 news=unseen/.exec(traced.text)?.[1];
      equal(told, "where the CPU time went: Node's permission model (--permission) refuses V8's profiler");
    });

    it('is not asked where Node has made no inspector: it would abort', async () => {
      const test = `const test = require('node:test');\n${CRUNCH}\ntest('t', () => { crunch(100); });`;
      const args = ['--test', '--test-reporter', 'tap'];
      const { code, signal, stdout, stderr } = await cpu(test, { node, name: 'a.test.cjs', args });
      deepEqual([code, signal, stderr], [0, null, '']);
      match(stdout, /^# pass 1$/m);
    });
  });
}
