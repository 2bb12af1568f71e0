import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readTraceJson, readSummary } from '../../runtime/launch/read-trace.ts';
import { printable } from '../../runtime/trace/format/printable.ts';
import { makeTaskTable } from '../../runtime/launch/task-table.ts';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import {
  FLAG,
  KIND,
  REASON,
  REASONS,
  AGENT_NOTICE,
  FACT,
  OUTCOME,
  RESOURCE_KIND,
} from '../../runtime/trace/format/kinds.ts';
import { head, RECORD_WORDS } from '../../runtime/trace/format/layout.ts';
import { begin, end, hole, newPart, processEnd, record, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();

function text(id: number, words: string): Uint8Array {
  const bytes = new Uint8Array(RECORD_WORDS * 4);
  const utf8 = Buffer.from(words).subarray(0, 24);
  bytes.set(utf8.subarray(0, 8), 0);
  bytes.set(utf8.subarray(8), 12);
  new DataView(bytes.buffer).setUint32(8, id, true);
  new DataView(bytes.buffer).setUint32(28, head(KIND.text, FLAG.textLast, 0), true);
  return bytes;
}

function site(id: number, file: number, line: number): Uint8Array {
  const words = new Uint32Array(RECORD_WORDS);
  words.set([3, 0, id, file, line, 0, 0, head(KIND.site, 2, 0)]);
  return new Uint8Array(words.buffer);
}

const wait = (t: number, task: number, at: number, target: number, reason: string): Uint8Array =>
  record(KIND.wait, t, task, [at, target], REASONS.indexOf(reason as never));

function summaryOf(...records: readonly Uint8Array[]): string {
  const at = folder();
  newPart(at).append(...records);
  const lines = readSummary(at);
  assert.ok(typeof lines !== 'string', String(lines));
  return lines.join('\n');
}

function jsonOf(...records: readonly Uint8Array[]): TraceJson {
  const at = folder();
  newPart(at).append(...records);
  const json = readTraceJson(at);
  assert.ok(typeof json !== 'string', String(json));
  return json;
}

const processBegin = record(KIND.processBegin, 1, 0, [4711], 1);

describe('the summary', () => {
  it('names the longest wait, where it was and who ended it', () => {
    const words = summaryOf(
      processBegin,
      text(1, '/src/app.ts'),
      site(1, 1, 12),
      begin(10, 1),
      begin(20, 2, 1),
      wait(30, 1, 1, 0, 'future'),
      end(2_000_030, 2),
      record(KIND.wake, 2_000_030, 1, [2]),
      record(KIND.run, 2_000_040, 1, [2], 1),
      end(2_000_050, 1),
      processEnd(2_000_060),
    );
    assert.match(words, /Longest wait: \S+ waited 2\.0 ms at app\.ts:12/);
    assert.match(words, /It was ended by /);
    assert.match(words, /known for 100 % of the time that 1 wait took;/);
  });

  it('names the waits that nothing has ended before the longest one that ended', () => {
    const words = summaryOf(
      processBegin,
      text(1, '/src/app.ts'),
      site(1, 1, 12),
      site(2, 1, 20),
      begin(10, 1),
      begin(20, 2),
      wait(30, 1, 1, 0, 'future'),
      wait(40, 2, 2, 0, 'io'),
      begin(50, 3),
      wait(60, 3, 1, 0, 'future'),
      begin(70, 4),
      wait(80, 4, 0, 0, 'timer'),
      record(KIND.run, 1_000_080, 4),
      end(5_000_080, 4),
    );
    const said = words.split('\n').filter((line) => /wait/.test(line) && !line.startsWith('Who'));
    assert.deepEqual(
      said.map((line) => line.replace(/(: )\S+|task at \S+/, '$1x')),
      [
        'Still waiting: x waited 5.0 ms at app.ts:12, and was still waiting at the end. So did 1 other task there.',
        'Still waiting: x waited 5.0 ms at app.ts:20 for I/O, and was still waiting at the end.',
        'Longest wait that ended: x waited 1.0 ms for a timer. No waker was recorded for this wait.',
      ],
    );
  });

  it('names the tasks that failed, wherever the error went', () => {
    const words = summaryOf(
      processBegin,
      text(1, 'TypeError: no such column'.slice(0, 24)),
      begin(10, 1),
      begin(20, 2, 1),
      record(KIND.activationEnd, 1_000_020, 2, [1], OUTCOME.error),
      end(1_000_030, 1),
      processEnd(1_000_040),
    );
    assert.match(words, /1 task failed/);
    assert.match(words, /^Failed: \S+, begun by \S+, failed after 1\.0 ms with TypeError: no such colum\.$/m);
  });

  it('says that a time is the virtual clock’s', () => {
    const virtual = record(KIND.fact, 2, 0, [], FACT['virtual-clock']);
    const records = (more: readonly Uint8Array[]) =>
      [processBegin, ...more, begin(10, 1), end(3_000_000, 1), processEnd(3_000_001)] as const;
    assert.match(summaryOf(...records([virtual])), / ran 3\.0 ms by the virtual clock and ended /);
    assert.match(summaryOf(...records([])), / ran 3\.0 ms and ended /);
    assert.equal(jsonOf(...records([virtual])).processes[0]!.clock, 'virtual');
    assert.equal(jsonOf(...records([])).processes[0]!.clock, 'real');
  });

  it('leaves out the open waits that a finding names', () => {
    const words = summaryOf(processBegin, begin(10, 1), wait(20, 1, 0, 0, 'future'), processEnd(1_000_040));
    assert.match(words, /was still waiting when the program ended/);
    assert.doesNotMatch(words, /Still waiting/);
  });

  it('counts a wait without a waker as unexplained', () => {
    const words = summaryOf(
      processBegin,
      begin(10, 1),
      wait(20, 1, 0, 0, 'future'),
      record(KIND.run, 1_000_020, 1),
      end(1_000_030, 1),
      processEnd(1_000_040),
    );
    assert.match(words, /known for 0 % of the time that 1 wait took; what it was for is known for 0 %/);
  });

  it('counts a wait that a timer ended as explained', () => {
    const timer = RESOURCE_KIND.timer;
    const words = summaryOf(
      processBegin,
      begin(10, 1),
      record(KIND.resourceBegin, 15, 1, [9], timer),
      wait(20, 1, 0, 9, 'timer'),
      record(KIND.run, 1_000_020, 1, [0, 9], 2),
      processEnd(1_000_040),
    );
    assert.match(words, /known for 100 % of the time that 1 wait took/);
  });

  it('says what is lost and what the instrument recorded about itself', () => {
    const words = summaryOf(
      processBegin,
      text(1, 'out of memory'),
      begin(10, 1),
      hole(3),
      end(20, 1),
      record(KIND.agent, 21, 0, [1], AGENT_NOTICE.fault),
    );
    assert.match(words, /1 task, .*3 records lost/);
    assert.match(words, /The instrument switched itself off: out of memory\./);
    assert.match(words, /was cut off: no end was recorded\./);
  });

  it('repeats why the instrument saw nothing, when the trace is thin', () => {
    const words = summaryOf(
      processBegin,
      text(1, '0 of 12 files were async'),
      record(KIND.agent, 5, 0, [1, 0, 1], AGENT_NOTICE.seen),
      processEnd(9),
    );
    assert.match(words, /No task of the program was seen\.\n0 of 12 files were async\./);
  });
});

describe('the JSON of a trace', () => {
  it('holds open waits, marks lost tasks, and knows how the process ended', () => {
    const open = [processBegin, begin(10, 1), wait(20, 1, 0, 0, 'future')];
    const died = jsonOf(...open, record(KIND.clock, 50));
    assert.equal(died.tasks[0]?.outcome, 'lost');
    assert.equal(died.tasks[0]?.state, 'wait');
    assert.equal(died.processes[0]?.ended, 'lost');
    assert.deepEqual(
      died.tasks[0]?.waits.map(({ startNs, ns, reason, waker, open: isOpen }) => ({
        startNs,
        ns,
        reason,
        waker,
        isOpen,
      })),
      [{ startNs: 19, ns: 30, reason: 'future', waker: null, isOpen: true }],
    );
    const exited = jsonOf(...open, processEnd(50));
    assert.equal(exited.tasks[0]?.outcome, null);
    assert.equal(exited.tasks[0]?.waitNs, 30);
    assert.equal(exited.processes[0]?.ended, 'exit');
  });

  it('names the calls through which a function waits, the innermost first', () => {
    const { tasks } = jsonOf(
      processBegin,
      text(1, '/src/app.ts'),
      site(1, 1, 12),
      site(2, 1, 20),
      begin(10, 1),
      begin(20, 2, 1),
      wait(30, 2, 2, 0, 'timer'),
      record(KIND.wait, 31, 1, [1, 2], REASON.task | FLAG.waitDirect),
      record(KIND.run, 50, 2),
      end(60, 2),
      record(KIND.run, 61, 1),
      end(70, 1),
      processEnd(80),
    );
    assert.deepEqual(
      tasks.map(({ waits }) => waits.map((each) => [each.site?.line, each.callers.map(({ line }) => line)])),
      [[[20, [12]]]],
    );
  });

  it('adds up: run, ready and wait of an ended task are its life', () => {
    const { tasks } = jsonOf(
      processBegin,
      begin(10, 1),
      wait(30, 1, 0, 0, 'future'),
      record(KIND.wake, 70, 1),
      record(KIND.run, 100, 1),
      end(150, 1),
      processEnd(160),
    );
    const [task] = tasks;
    assert.deepEqual([task?.runNs, task?.waitNs, task?.readyNs], [70, 40, 30]);
    assert.equal(task!.endNs! - task!.startNs, 140);
  });

  it('counts what went through a queue', () => {
    const queue = RESOURCE_KIND.queue;
    const { resources } = jsonOf(
      processBegin,
      text(1, 'orders'),
      record(KIND.resourceBegin, 5, 0, [9, 0, 1, 4], queue | FLAG.resourceBounded),
      begin(10, 1),
      record(KIND.put, 11, 1, [9, 1, 1]),
      record(KIND.put, 12, 1, [9, 2, 2]),
      record(KIND.get, 13, 1, [9, 1, 1]),
      processEnd(20),
    );
    assert.deepEqual(resources, [
      { id: '0:9', kind: 'queue', name: 'orders', capacity: 4, maxDepth: 2, puts: 2, gets: 1 },
    ]);
  });
});

describe('the limit of the JSON’s lists', () => {
  const records = [
    processBegin,
    text(1, '/src/app.ts'),
    site(1, 1, 12),
    site(2, 1, 20),
    begin(10, 1),
    wait(20, 1, 1, 0, 'timer'),
    record(KIND.run, 30, 1),
    wait(40, 1, 2, 0, 'io'),
    record(KIND.run, 5_000_040, 1),
    wait(5_000_050, 1, 1, 0, 'timer'),
    record(KIND.run, 5_000_060, 1),
    end(5_000_070, 1),
    begin(5_000_080, 2),
    wait(5_000_080, 2, 1, 0, 'timer'),
    record(KIND.run, 5_000_090, 2),
    wait(5_000_100, 2, 2, 0, 'io'),
    record(KIND.clock, 9_000_100, 0),
  ];

  it('cuts what is shown and never what is computed', () => {
    const at = folder();
    newPart(at).append(...records);
    for (const limit of [1, 2, 100]) {
      const json = readTraceJson(at, limit);
      assert.ok(typeof json !== 'string', String(json));
      const [first, second] = json.tasks;
      assert.deepEqual([first!.waitCount, first!.longestWait?.ns], [3, 5_000_000], `limit ${limit}`);
      assert.match(makeTaskTable(json).join('\n'), /3 {2}5\.0 ms at app\.ts:20 for io$/m);
      if (limit > 1) assert.deepEqual([second!.waitCount, second!.longestWait?.open], [2, true]);
      assert.equal(first!.waits.length, Math.min(limit, 3));
    }
  });
});

describe('names in a hostile trace', () => {
  it('reach a terminal without their control characters', () => {
    const json = jsonOf(
      processBegin,
      text(1, '\u001b]0;owned\u0007\u202eevil'),
      record(KIND.activationBegin, 10, 1, [0, 0, 1], 1),
      processEnd(20),
    );
    const table = makeTaskTable(json).join('\n');
    assert.ok(table.includes('·]0;owned··evil'), table);
    assert.equal(printable('a\u001b[31mb\u009b'), 'a·[31mb·');
  });

  it('and a folder without a recording is said to be one', () => {
    assert.match(String(readSummary(folder())), /holds no recording/);
    assert.match(String(readSummary(join(folder(), 'none'))), /does not exist/);
  });
});
