/**
 * Small programs, traced by the command line and read as the panel reads them: what a reader sees
 * first must be there, be counted once, and be drawn where it happened.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { Session } from '../../media/worker/session/session.ts';
import { treeName } from '../../media/worker/words/tree-name.ts';
import { summarize } from '../../media/worker/words/summary.ts';
import { readRecording } from '../../runtime/launch/read-recording.ts';
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { OUTCOME } from '../../runtime/trace/format/kinds.ts';
import { State } from '../../runtime/trace/model/state.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import type { Wait } from '../../runtime/trace/model/wait.ts';
import { SiteSummary } from '../../runtime/trace/summaries/site-summary.ts';
import { explainWait } from '../../runtime/trace/words/explain.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { tree } from '../machine/tree.ts';
import { temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');
/** A loaded machine stretches all but what a program spins by itself. */
const SPIN_MS = 120;
const SPIN_NS = SPIN_MS * 1e6;
const SPIN = `const spin = () => { const until = performance.now() + ${SPIN_MS}; while (performance.now() < until); };`;

interface Traced {
  readonly session: Session;
  readonly said: string;
  readonly feed: (fold: Fold) => void;
}

function trace(program: readonly string[], name = 'program.ts'): Traced {
  const at = folder();
  const recording = join(at, 'recording');
  writeFileSync(join(at, 'package.json'), '{"type":"module"}');
  writeFileSync(join(at, name), program.join('\n'));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [cli, 'trace', '--recording', recording, join(at, name)];
  const { stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  const parts: { part: number; records: Uint8Array }[] = [];
  readRecording(recording, {
    onRecords: (part, records) => void parts.push({ part, records: records.slice() }),
    onTrouble: (words) => assert.fail(words),
  });
  const session = new Session(1, false);
  for (const { part, records } of parts) session.feed(part, records);
  session.endTrace();
  session.layOutRows(18, true);
  session.updateFindings();
  const feed = (fold: Fold): void => parts.forEach(({ part, records }) => fold.feed(part, records));
  return { session, said: stderr, feed };
}

/** For how long each lane is drawn as running, by its name, in ns. */
function drawnAsRunning({ trace: { lanes }, columns }: Session): Map<string, number> {
  const ns = (lane: number): number => {
    let sum = 0;
    for (let i = 0; i < columns.lanes.count(lane); i++) {
      const { startNs, endNs, code } = columns.lanes.span(lane, i);
      if (stateOf(code) === State.run) sum += (endNs ?? columns.laneUntilNs(lane)) - startNs;
    }
    return sum;
  };
  return new Map(lanes.map(({ name, index }) => [name, ns(index)]));
}

const namesOf = (session: Session): string[] => session.tree.list.map((row) => treeName(session, row).name);
const wordsOf = (session: Session): string[] => session.findings.map(({ words }) => plain(words));

describe('A first look at a traced program', function () {
  this.timeout(60_000);

  it('shows a thread that works in plain callbacks as running, and who answered', () => {
    const { session } = trace([
      `import { createServer } from 'node:http';`,
      `import { Worker, isMainThread, parentPort } from 'node:worker_threads';`,
      SPIN,
      `if (!isMainThread) parentPort!.on('message', () => { spin(); parentPort!.postMessage(1); parentPort!.close(); });`,
      `else {`,
      `  const worker = new Worker(new URL(import.meta.url), { name: 'burner' });`,
      `  const answer = async () => { worker.postMessage(0); await new Promise((go) => worker.once('message', go)); };`,
      `  const server = createServer((_, response) => { spin(); response.end(); });`,
      `  server.listen(0, '127.0.0.1', async () => {`,
      `    const { port } = server.address() as { port: number };`,
      `    const get = async () => { await (await fetch('http://127.0.0.1:' + port)).text(); };`,
      `    await Promise.all([answer(), get()]);`,
      `    server.close();`,
      `  });`,
      `}`,
    ]);
    const running = drawnAsRunning(session);
    for (const name of ['main', 'burner'])
      assert.ok((running.get(name) ?? 0) >= 0.95 * SPIN_NS, `${name}: ${running.get(name)} of ${SPIN_NS} ns`);
    const said = session.waitSums.longest(20).map((wait) => explained(session, wait));
    const saidOf = (task: string): string => said.find((words) => words.startsWith(`${task} waited`)) ?? '';
    assert.match(saidOf('answer'), /worker burner.*which ran on\('message'\) callback/);
    assert.match(saidOf('get'), /Meanwhile the thread was held for .* by createServer callback/);
    for (const words of said) assert.doesNotMatch(words, /outside the program/);
  });

  it('says where a file does not parse', () => {
    const { said } = trace([`const a = [`, `  1,`, `  2;`, `async function f() { await null; }`]);
    assert.match(said, /does not parse: line 3: /);
    assert.doesNotMatch(said, /Unknown file extension/);
  });

  it('counts each wait once, also where it passes through several functions', () => {
    const { feed } = trace([
      `class Mutex {`,
      `  #tail: Promise<void> = Promise.resolve();`,
      `  async run<T>(work: () => Promise<T>): Promise<T> {`,
      `    const before = this.#tail;`,
      `    let release!: () => void;`,
      `    this.#tail = new Promise((go) => (release = go));`,
      `    await before;`,
      `    try { return await work(); } finally { release(); }`,
      `  }`,
      `}`,
      `const db = new Mutex();`,
      `const sleep = () => new Promise((go) => setTimeout(go, 5));`,
      `async function query() { return await db.run(async () => { await sleep(); return 1; }); }`,
      `await Promise.all(Array.from({ length: 8 }, () => query()));`,
    ]);
    const all = new Trace();
    const summary = new SiteSummary(all);
    feed(new Fold([summary], all));
    const countAt = (line: number): number[] =>
      all.sites.flatMap((site, i) => (site.line === line ? (summary.sites.get(i)?.count ?? []) : []));
    assert.deepEqual(countAt(13), [8, 8]);
    assert.deepEqual(countAt(8), [8]);
  });

  it('ends a module that failed where it failed, and marks it', () => {
    const { session } = trace([
      `const sleep = () => new Promise((go) => setTimeout(go, 5));`,
      `async function main() { await sleep(); throw new Error('no such order'); }`,
      `await main();`,
    ]);
    const { trace: read, columns } = session;
    const row = Array.from({ length: read.tasks.count }, (_, i) => i).find(
      (task) => read.nameOf(task).includes('module') && read.tasks.frameOf[task]! < 0,
    )!;
    const last = columns.rows.span(row, columns.rows.count(row) - 1);
    assert.equal(stateOf(last.code), State.ended);
    assert.equal(read.tasks.outcome[row], OUTCOME.error);
    assert.ok(last.startNs < read.endNs, 'what Node does with the error is not its time');
  });

  it('tells a deadlock of the library’s locks in one sentence, with who has what', () => {
    const { session } = trace([
      `import { Lock, gather, run, sleep } from 'simul';`,
      `await run(async () => {`,
      `  const x = new Lock({ name: 'x' }), y = new Lock({ name: 'y' });`,
      `  const a = async () => { await x.acquire(); await sleep(5); await y.acquire(); };`,
      `  const b = async () => { await y.acquire(); await sleep(5); await x.acquire(); };`,
      `  await gather([a, b]);`,
      `});`,
    ]);
    assert.match(
      wordsOf(session)[0]!,
      /^a has lock x .* waits for lock y .*; b has lock y .* waits for lock x .*: a deadlock\./,
    );
    assert.equal(
      session.findings.filter(({ severity }) => severity !== 'info').length,
      1,
      wordsOf(session).join('\n'),
    );
  });

  it('names each row once, no task "task task", and no time longer than the run', () => {
    const { session } = trace(
      [
        `import { gather, Queue, run, sleep } from 'simul';`,
        `await run(async () => {`,
        `  const orders = new Queue<number>({ capacity: 2, name: 'orders' });`,
        `  const cook = async () => { for await (const order of orders) await sleep(5 * order); };`,
        `  const waiter = async () => { for (let i = 1; i <= 8; i++) await orders.put(i); orders.close(); };`,
        `  await gather([cook, waiter]);`,
        `});`,
      ],
      'shop.ts',
    );
    const names = namesOf(session);
    assert.deepEqual(names, [...new Set(names)]);
    const words = [
      ...wordsOf(session),
      ...session.waitSums.longest(9).map((wait) => explained(session, wait)),
    ];
    for (const sentence of words) assert.doesNotMatch(sentence, /task task/);
    const [whole, ...times] = plain(summarize(session)).match(/[\d.]+ (?:ms|s)\b/g)!;
    for (const time of times) assert.ok(inMs(time) <= inMs(whole!), `${time} of ${whole}`);
  });
});

const inMs = (words: string): number => Number.parseFloat(words) * (words.endsWith(' ms') ? 1 : 1000);

function explained({ trace: read, columns }: Session, wait: Wait): string {
  return explainWait(read, columns, wait).map(plain).join(' ');
}
