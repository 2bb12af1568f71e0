/** What the agent for Python leaves of a process: begin, end, all records before a sudden one. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PROCESS_END } from '../../../runtime/trace/format/kinds.ts';
import { isAtLeast, linesWith, tracePython, VERSION } from './trace-python.ts';

/** Prints the number of each task after its first step, and ends in the middle of one. */
const dyingAfter = (steps: number, end: string): string => `
import asyncio, os, signal, sys
async def step(i):
    await asyncio.sleep(0)
async def main():
    for i in range(${steps}):
        await asyncio.create_task(step(i), name=f"step {i}")
    print("done", flush=True)
    ${end}
asyncio.run(main())
`;

describe('a process of Python under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  const ENDS = {
    SIGKILL: 'os.kill(os.getpid(), signal.SIGKILL)',
    'a segmentation fault': 'os.kill(os.getpid(), signal.SIGSEGV)',
    'os._exit': 'os._exit(7)',
    'os.abort': 'os.abort()',
  };
  for (const [name, end] of Object.entries(ENDS)) {
    it(`keeps every record before ${name}`, () => {
      const { parts, stdout, trace } = tracePython(dyingAfter(200, end));
      assert.equal(stdout, 'done\n');
      assert.equal(linesWith(parts[0]!, ' activationEnd ', 'outcome=ok').length, 200);
      assert.equal(trace.lost, 0);
    });
  }

  it('keeps what more than one segment of it holds', () => {
    const { trace } = tracePython(
      'import asyncio\nasync def main():\n    for _ in range(40_000): await asyncio.sleep(0)\nasyncio.run(main())',
    );
    assert.ok(trace.events > 80_000, String(trace.events));
    assert.equal(trace.lost, 0);
  });

  it('counts what is beyond its limit as lost, and runs on', () => {
    const { trace, stdout } = tracePython(
      'import asyncio\nasync def main():\n    for _ in range(20_000): await asyncio.sleep(0)\n    print("ran")\nasyncio.run(main())',
      { env: { SIMUL_LIMIT: '200000' } },
    );
    assert.equal(stdout, 'ran\n');
    assert.ok(trace.lost > 20_000, String(trace.lost));
  });

  it('says how it ended', () => {
    const endOf = (source: string) => {
      const [process] = tracePython(source).trace.processes;
      return [process!.endKind, process!.exitCode];
    };
    assert.deepEqual(endOf('x = 1'), [PROCESS_END.exit, 0]);
    assert.deepEqual(endOf('import sys; sys.exit(3)'), [PROCESS_END.exit, 3]);
    assert.deepEqual(endOf('import os; os._exit(7)'), [PROCESS_END.called, 7]);
    assert.deepEqual(endOf('1 / 0'), [PROCESS_END.uncaught, 1]);
  });

  it('says no exit code of a child that nobody told of', () => {
    const source =
      "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import sys; sys.exit(3)'])";
    const codes = tracePython(source).trace.processes.map(({ exitCode }) => exitCode);
    assert.deepEqual(codes, [0, null]);
  });

  it('tells of the error that ended it, with its line', () => {
    const { findings } = tracePython('def divide(a):\n    return 1 / a\ndivide(0)\n');
    assert.match(findings[0] ?? '', /ZeroDivisionError: division by zero.*program\.py:2/);
  });

  it('says in one sentence that a file of the program is not valid Python, and which', () => {
    const refused = (source: string, files: Record<string, string> = {}): string =>
      tracePython(source, { files }).findings[0] ?? '';
    assert.equal(
      refused('def main():\n    await x\nmain()\n'),
      "error uncaught-error: program.py is not valid Python: 'await' outside async function, at program.py:2. Nothing of it ran.",
    );
    assert.match(
      refused('import helper\n', { 'helper.py': 'def f(:\n' }),
      /^error uncaught-error: helper\.py is not valid Python: .*, at helper\.py:1\. Nothing of it ran\.$/,
    );
    assert.match(
      refused('eval("x y")\n'),
      /^error uncaught-error: Nobody caught SyntaxError.* at program\.py:1\./,
    );
  });

  it('finds its arguments, path and modules as untraced', () => {
    const { stdout } = tracePython(
      `import sys, os, time
print(sys.argv, len(sys.path), sys.path[0] == os.path.dirname(os.path.abspath(__file__)))
print(any("simul" in p for p in sys.path), "sitecustomize" in sys.modules)
print(os.open(os.devnull, os.O_RDONLY), len(os.listdir("/proc/self/task")))
print(sorted(m for m in ("json", "ctypes", "subprocess", "asyncio") if m in sys.modules))
print(sys.excepthook is sys.__excepthook__, sys.getrecursionlimit(), sys.gettrace(), sys.getprofile())
`,
      { args: ['a', '--token', 'b'] },
    );
    assert.match(stdout, /^\['.*program\.py', 'a', '--token', 'b'\]/);
  });

  it('does not write what looks like a secret in its arguments', () => {
    const { parts } = tracePython('pass', {
      args: ['--token', 'abcdef', 'x', '--password=geheim', 'postgres://u:pw@h/d'],
    });
    const [begin] = linesWith(parts[0]!, ' processBegin ');
    assert.match(begin!, /program\.py --token \*\*\* x --password=\*\*\* postgres:\/\/u:\*\*\*@h\/d"/);
  });

  it("runs the user's own sitecustomize, and leaves it in sys.modules", () => {
    const { stdout } = tracePython(
      'import sitecustomize, sys; print(sitecustomize.mine, sys.modules["sitecustomize"].__file__)',
      {
        files: { 'site/sitecustomize.py': 'mine = "mine"\nprint("begun")\n' },
        env: { PYTHONPATH: 'site' },
      },
    );
    assert.match(stdout, /^begun\nmine .*site\/sitecustomize\.py\n$/);
  });

  it('says what it does not see into, also of a package that is another than its name says', () => {
    const { trace, stdout } = tracePython(
      'import gevent, uvloop, sys\nprint(uvloop.mine, type(sys.modules["uvloop"].__loader__).__name__)',
      { files: { 'uvloop.py': 'mine = 1\n', 'gevent.py': '' } },
    );
    assert.equal(stdout, '1 SourceFileLoader\n');
    const [first, second, ...others] = trace.processes[0]!.notices.map(({ text }) => text);
    assert.equal(first, 'gevent is not seen into: its greenlets are missing');
    assert.match(second ?? '', /^uvloop is not seen into: AttributeError: /);
    assert.deepEqual(others, []);
    assert.equal(trace.processes[0]!.endKind, PROCESS_END.exit, 'the instrument stays on');
  });

  it('has a part of its own for each forked child, and its records once', () => {
    const { trace, parts } = tracePython(`
import asyncio, os
async def work(): await asyncio.sleep(0)
asyncio.run(work())
pid = os.fork()
if pid == 0:
    asyncio.run(work())
    os._exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if hasattr(os, "waitstatus_to_exitcode") else 5)
`);
    assert.equal(parts.length, 2);
    for (const part of parts) assert.equal(linesWith(part, ' activationBegin ', 'name="work"').length, 1);
    const child = trace.processes.find(({ endKind }) => endKind === PROCESS_END['fork-exit']);
    assert.equal(child?.exitCode, 5);
  });

  it('is followed into a Python that it starts', () => {
    const { parts } = tracePython(
      'import subprocess, sys; print(subprocess.run([sys.executable, "-c", "import asyncio; asyncio.run(asyncio.sleep(0))"]).returncode)',
    );
    assert.equal(parts.length, 2);
    assert.ok(parts.some((part) => part.includes('name="sleep"')));
  });

  it('keeps nothing alive that an interrupt has on its way out', () => {
    const { stderr } = tracePython(`
import asyncio, os, signal
async def fail(gate):
    await gate.wait()
    raise ValueError("nobody asks for this")
async def main():
    gate = asyncio.Event()
    task = asyncio.create_task(fail(gate))
    gate.set()
    await asyncio.wait([task])
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.Event().wait()
asyncio.run(main())
`);
    assert.match(stderr, /never retrieved[\s\S]*ValueError: nobody asks for this/);
  });

  if (isAtLeast(3, 11))
    it('shows tracebacks as untraced, carets and all', () => {
      const { stderr } = tracePython(`
import asyncio
async def fail():
    await asyncio.sleep(0)
    raise SystemExit(asyncio.Queue(maxsize=1).get_nowait())
async def main():
    q = asyncio.Queue(maxsize=1)
    q.put_nowait(1)
    async with asyncio.TaskGroup() as group:
        group.create_task(fail())
    q.put_nowait(2)
asyncio.run(main())
`);
      assert.match(stderr, /QueueEmpty/);
    });
});
