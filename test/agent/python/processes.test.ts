/** multiprocessing under trace, by each way to begin a process; and Ctrl-C. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  ACTIVATION_KIND,
  OUTCOMES,
  PROCESS_END,
  PROCESS_ENDS,
  RESOURCE_KIND,
  START_METHOD,
} from '../../../runtime/trace/format/kinds.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { linesWith, tracePython, VERSION } from './trace-python.ts';

const PROGRAM = `
import multiprocessing as mp, os, signal, sys, time
def work(n):
    time.sleep(0.01)
    return n * n
def fail(): sys.exit(4)
def die(): os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    mp.set_start_method(sys.argv[1])
    for target, args in ((work, (1,)), (fail, ()), (die, ())):
        p = mp.Process(target=target, args=args)
        p.start()
        p.join()
        print(p.exitcode)
    with mp.Pool(2) as pool:
        print(pool.map(work, range(6)), pool.apply(work, (7,)), list(pool.imap(work, range(2))))
        pool.close()
        pool.join()
`;

describe('processes of Python under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  for (const method of ['fork', 'spawn', 'forkserver'] as const)
    it(`have a part each, a name and an end, by ${method}`, () => {
      const { parts, trace } = tracePython(PROGRAM, { args: [method] });
      const children = trace.processes.filter((process) => process.method === START_METHOD[method]);
      assert.equal(children.length, 5, 'three processes, and two workers of the pool');
      const named = (name: string) =>
        parts.find(
          (part) => linesWith(part, ' activationBegin ', `name="${name}"`, 'kind=process').length > 0,
        );
      for (const name of ['work', 'fail', 'die']) assert.ok(named(name), `${name} has no part`);
      assert.ok(children.some(({ endKind, signal }) => endKind === PROCESS_END.signal && signal === 9));
      assert.ok(children.some(({ exitCode }) => exitCode === 4));
      const chunks = parts.flatMap((part) =>
        linesWith(part, ' activationBegin ', 'kind=chunk', 'name="work"'),
      );
      assert.equal(chunks.length, 9, 'six items of map, one call, two of imap');
      assert.equal(trace.links.count >= 3, true);
      const main = parts.find((part) => part.includes('method=program'))!;
      assert.equal(linesWith(main, ' wait ', 'reason=join', 'for=').length >= 3, true);
    });

  it('say what they waited for when Ctrl-C came', () => {
    const { findings, signal } = tracePython(`
import os, queue, subprocess, threading
jobs = queue.Queue()
def worker():
    while True:
        job = jobs.get()
        if job == 2: continue
        jobs.task_done()
threading.Thread(target=worker, daemon=True).start()
for job in (1, 2, 3): jobs.put(job)
subprocess.Popen(["sh", "-c", f"sleep 1.5; kill -INT {os.getpid()}"])
jobs.join()
`);
    assert.equal(signal, 'SIGINT');
    assert.match(
      findings[0] ?? '',
      /^error never-done: program\.py waits at program\.py:12 for queue jobs to be done with 1 item: worker took 1 at program\.py:6 without task_done/,
    );
  });

  /** The calls of pools that ran: name, outcome, and whether both ways of each are known. */
  const callsOf = (trace: Trace): string[] =>
    Array.from({ length: trace.tasks.count }, (_, task) => task)
      .filter((task) => trace.tasks.kind[task] === ACTIVATION_KIND.chunk)
      .map((task) => {
        const asked = trace.links.submissionOf(task);
        const answered = trace.links.answerOf(task);
        const ways = [asked, answered].map((link) =>
          link !== null && link.sentNs <= link.receivedNs ? 'linked' : 'open',
        );
        const items = trace.links.chunks.get(task)?.items;
        return [trace.nameOf(task), OUTCOMES[trace.tasks.outcome[task]!], items, ...ways].join(' ');
      })
      .sort();

  for (const method of ['fork', 'spawn']) {
    it(`of a ProcessPoolExecutor (${method}) tell of their calls, from the line to the answer`, () => {
      const { trace, findings } = tracePython(
        `
import concurrent.futures, multiprocessing
def square(n): return n * n
def fail(n): raise ValueError(n)
if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("${method}")) as pool:
        calls = [pool.submit(square, 3), pool.submit(fail, 4)]
        print(calls[0].result(), repr(calls[1].exception()))
        print(list(pool.map(square, range(5), chunksize=2)))
`,
      );
      assert.deepEqual(callsOf(trace), [
        'fail error 0 linked linked',
        'square ok 0 linked linked',
        'square ok 1 linked linked',
        'square ok 2 linked linked',
        'square ok 2 linked linked',
      ]);
      const main = trace.tasks.kind.indexOf(ACTIVATION_KIND.main);
      const first = Array.from({ length: trace.tasks.count }, (_, task) => task).find(
        (task) => trace.nameOf(task) === 'square',
      )!;
      assert.equal(trace.links.submissionOf(first)!.sender, main);
      assert.deepEqual(
        trace.resources.filter(({ kind }) => kind === RESOURCE_KIND.pool).map(({ capacity }) => capacity),
        [2],
      );
      assert.deepEqual(new Set(trace.processes.map(({ exitCode }) => exitCode)), new Set([0]));
      assert.deepEqual(
        findings.filter((finding) => !finding.startsWith('info')),
        [],
      );
    });
  }

  it('of a Pool tell of each call from the line to its callback', () => {
    const { trace } = tracePython(`
import multiprocessing
def square(n): return n * n
def fail(n): raise ValueError(n)
def done(value): pass
def failed(error): pass
if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        pool.apply_async(square, (3,), callback=done).wait()
        pool.apply_async(fail, (3,), callback=done, error_callback=failed).wait()
        pool.map_async(square, range(4), chunksize=2, callback=done).wait()
        print(sorted(pool.imap_unordered(square, range(3))), list(pool.imap(square, range(3))))
        pool.close()
        pool.join()
`);
    assert.ok(
      callsOf(trace).every((call) => call.endsWith('linked linked')),
      callsOf(trace).join('\n'),
    );
    assert.equal(callsOf(trace).length, 10);
    const main = trace.tasks.kind.indexOf(ACTIVATION_KIND.main);
    const callbacks = Array.from({ length: trace.tasks.count }, (_, task) => task)
      .filter((task) => trace.tasks.kind[task] === ACTIVATION_KIND['event-callback'])
      .map((task) => [trace.nameOf(task), trace.tasks.parent[task] === main]);
    assert.deepEqual(callbacks, [
      ['done', true],
      ['failed', true],
      ['done', true],
    ]);
  });

  it('of pools that the program leaves say how each ended', () => {
    const { trace } = tracePython(`
import multiprocessing
def square(n): return n * n
if __name__ == "__main__":
    with multiprocessing.Pool(4) as pool:
        print(pool.map(square, range(4)))
`);
    const ends = trace.processes.map(({ endKind }) => PROCESS_ENDS[endKind]);
    assert.ok(
      ends.every((end) => end === 'exit' || end === 'fork-exit' || end === 'signal'),
      ends.join(),
    );
  });
});
