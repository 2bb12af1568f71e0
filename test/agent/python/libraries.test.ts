/** Event loops and libraries of others: uvloop, trio, anyio and httpx, as they come from PyPI. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { before, describe, it } from 'mocha';
import { OUTCOMES, REASONS, RESOURCE_KINDS } from '../../../runtime/trace/format/kinds.ts';
import { resourceOfTarget } from '../../../runtime/trace/model/state.ts';
import type { Observer } from '../../../runtime/trace/fold/observer.ts';
import type { EndedWait } from '../../../runtime/trace/model/wait.ts';
import { pythonPackagesFor } from '../../corpus/python-packages.ts';
import { tree } from '../../machine/tree.ts';
import { linesWith, PYTHON, type TracedPython, tracePython, VERSION } from './trace-python.ts';

const programs = join(tree, 'test/agent/python/programs');

describe('libraries of Python under trace', function () {
  this.timeout(120_000);
  if (VERSION === null) return;
  let path = '';
  before(async () => {
    path = [await pythonPackagesFor([programs], PYTHON), process.env['PYTHONPATH']]
      .filter((part) => part)
      .join(delimiter);
  });

  class Waits implements Observer {
    readonly all: EndedWait[] = [];
    waitEnded(wait: EndedWait): void {
      this.all.push({ ...wait });
    }
  }

  function traceProgram(
    name: string,
    args: readonly string[] = [],
  ): TracedPython & { waits: readonly EndedWait[] } {
    const source = readFileSync(join(programs, `${name}.py`), 'utf8');
    const waits = new Waits();
    return {
      ...tracePython(source, { env: { PYTHONPATH: path }, args, observers: [waits] }),
      waits: waits.all,
    };
  }

  const outcomes = ({ trace }: TracedPython): Record<string, string[]> => {
    const found: Record<string, string[]> = {};
    for (let task = 0; task < trace.tasks.count; task++)
      (found[trace.nameOf(task)] ??= []).push(OUTCOMES[trace.tasks.outcome[task]!]!);
    return found;
  };

  /** "reason kind name" of each wait of the tasks with this name. */
  const waitsOf = ({ trace, waits }: ReturnType<typeof traceProgram>, name: string): Set<string> =>
    new Set(
      waits
        .filter(({ row }) => trace.nameOf(row) === name)
        .map(({ reason, target }) => {
          const resource = trace.resources[resourceOfTarget(target)];
          const of = resource === undefined ? '' : ` ${RESOURCE_KINDS[resource.kind]} ${resource.name}`;
          return `${REASONS[reason]}${of}`;
        }),
    );

  /** The agent says what it cannot see into, and a fault of its own. */
  const assertSeen = ({ parts }: TracedPython): void =>
    assert.deepEqual(
      linesWith(parts[0]!, ' agent ', 'news=').filter((line) => /news=(?:fault|unseen)/.test(line)),
      [],
    );

  it('are seen into: the tasks and waits of trio', () => {
    const traced = traceProgram('trio_tasks');
    assertSeen(traced);
    const ends = outcomes(traced);
    assert.deepEqual(
      [ends['produce'], ends['consumer 0'], ends['forever'], ends['failing'], ends['main']],
      [['ok'], ['ok'], ['cancelled'], ['error'], ['ok']],
    );
    assert.ok(waitsOf(traced, 'produce').has('timer timer trio.sleep'));
    assert.ok(waitsOf(traced, 'produce').has('queue-put queue channel'));
    const consumers = new Set([...waitsOf(traced, 'consumer 0'), ...waitsOf(traced, 'consumer 1')]);
    assert.ok(
      consumers.has('queue-get queue channel') && consumers.has('lock lock lock'),
      [...consumers].join(),
    );
    assert.ok([...waitsOf(traced, 'main')].some((wait) => wait.startsWith('group group')));
    const channel = traced.trace.resources.find(({ name }) => name === 'channel')!;
    assert.deepEqual([channel.capacity, channel.maxDepth, channel.puts, channel.gets], [2, 2, 5, 5]);
    assert.ok(!Object.keys(ends).some((name) => name.includes('EntryQueue') || name === 'init'));
  });

  it('are seen into: tasks, steps and callbacks in uvloop', () => {
    const traced = traceProgram('uvloop_tasks');
    assertSeen(traced);
    const ends = outcomes(traced);
    assert.deepEqual(
      [ends['work'], ends['consume'], ends['serve'], ends['long'], ends['failing'], ends['tick']],
      [['ok', 'ok'], ['ok'], ['ok'], ['cancelled'], ['error'], ['ok']],
    );
    assert.ok(waitsOf(traced, 'work').has('timer timer asyncio.sleep'));
    assert.ok(waitsOf(traced, 'consume').has('queue-get queue queue'));
    const answered = traced.waits.find(
      ({ row, waker }) =>
        traced.trace.nameOf(row) === 'main' && waker >= 0 && traced.trace.nameOf(waker) === 'tick',
    );
    assert.ok(answered !== undefined, 'the callback woke main');
  });

  for (const backend of ['asyncio', 'trio']) {
    it(`are seen into: anyio and httpx on ${backend}`, () => {
      const traced = traceProgram('anyio_httpx', [backend]);
      assertSeen(traced);
      const ends = outcomes(traced);
      assert.deepEqual([ends['fetch'], ends['serve']], [['ok'], ['ok']]);
      const waits = [...waitsOf(traced, 'serve')];
      assert.ok(
        waits.every((wait) => /^(?:io io|value)/.test(wait)),
        waits.join(),
      );
    });
  }
});
