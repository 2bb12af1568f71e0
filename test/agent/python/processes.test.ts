/** multiprocessing under trace, by each way to begin a process; and Ctrl-C. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PROCESS_END, START_METHOD } from '../../../runtime/trace/format/kinds.ts';
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
});
