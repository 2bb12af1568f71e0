/** `simul save --last SECONDS`: the end of a recording, and what still went on then. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import type { Trace } from '../../runtime/trace/model/trace.ts';
import { describeKept } from '../../runtime/trace/words/kept.ts';
import { newPart, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();
const S = 1_000_000_000;

/** One process waits from the first second on and ends a task each second; the other is younger. */
const OLD = `
  0 0 clock wall=1000000 wallHigh=400000000
  1 0 processBegin pid=41 parentPid=7 argv="node old.js secret" version="v20" language=node method=program
  2 0 laneBegin name="main" kind=main osThread=41
  10 0 activationBegin id=1 site="/home/ada/old.js:1:1 line <main>" name="old.js" kind=main
  20 0 activationBegin id=2 parent=1 site="/home/ada/old.js:5:1 function idle" name="idle" kind=async-function unawaited
  ${S} 0 wait id=2 site="/home/ada/old.js:6:3 await idle | forever('key')" reason=future
  ${S + 1} 0 wait id=1 site="/home/ada/old.js:2:1 await <main> | work()" reason=future
  ${Array.from(
    { length: 9 },
    (_, i) => `
  ${(i + 2) * S} 0 activationBegin id=${i + 10} site="/home/ada/old.js:9:1 function tick" name="tick" kind=async-function
  ${(i + 2) * S + 5} 0 activationEnd id=${i + 10} outcome=ok`,
  ).join('')}
`;
const YOUNG = `
  ${9 * S} 0 clock wall=1000009 wallHigh=400000000
  ${9 * S + 1} 0 processBegin pid=42 parentPid=41 argv="node young.js" version="v20" language=node method=fork
  ${9 * S + 2} 0 laneBegin name="main" kind=main osThread=42
  ${9 * S + 3} 0 activationBegin id=1 site="/home/ada/young.js:1:1 line <main>" name="young.js" kind=main
  ${9 * S + 4} 0 activationEnd id=1 outcome=ok
`;

function recording(): string {
  const at = folder();
  newPart(at, { startNs: 1000n }).append(fromText(OLD, 1000n));
  newPart(at, { startNs: BigInt(9 * S) }).append(fromText(YOUNG, 1000n));
  return at;
}

function saved(at: string, options: { lastSeconds: number; redactFrom?: string }): Trace {
  const file = join(folder(), 'last.simul');
  const result = saveTrace(at, file, options);
  assert.ok(typeof result !== 'string', String(result));
  const opened = openTrace(file);
  assert.ok(typeof opened !== 'string', String(opened));
  assert.deepEqual([opened.troubles, opened.trace.problems], [[], []]);
  return opened.trace;
}

const names = (trace: Trace): string[] =>
  Array.from({ length: trace.tasks.count }, (_, task) => trace.nameOf(task));

describe('the last seconds of a recording', () => {
  it('are saved with what went on before them', () => {
    const trace = saved(recording(), { lastSeconds: 2 });
    assert.deepEqual(names(trace), ['old.js', 'idle', 'tick', 'tick', 'tick', 'young.js']);
    assert.equal(trace.tasks.sinceNs[1], S);
    assert.deepEqual(
      trace.processes.map(({ argv, keptSinceNs }) => [argv, keptSinceNs]),
      [
        ['node old.js secret', 8 * S],
        ['node young.js', 0],
      ],
    );
    assert.match(
      describeKept(trace)!,
      /^Kept from .*8\.00 s after the start: the \d+ records before were left out when it was saved\.$/,
    );
  });

  it('are all of it where it is no longer', () => {
    const trace = saved(recording(), { lastSeconds: 60 });
    assert.equal(trace.kept, null);
    assert.equal(names(trace).length, 12);
  });

  it('are as redacted as the whole', () => {
    const trace = saved(recording(), { lastSeconds: 2, redactFrom: '/home/ada' });
    assert.equal(trace.processes[0]!.argv, 'node old.js …');
    assert.ok(trace.sites.some(({ text }) => text === "forever('…')"));
    assert.ok(!trace.texts.some((text) => /key|secret|home/.test(text)));
  });

  it('do not count what was written while it was saved', () => {
    const at = recording();
    newPart(at, { startNs: BigInt(9 * S), segment: 1 });
    const before = saved(at, { lastSeconds: 2 }).events;
    appendFileSync(join(at, 'other.txt'), 'no part of it');
    assert.equal(saved(at, { lastSeconds: 2 }).events, before);
  });
});
