/** Every line at which a session stops, against the records, on five programs. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { tree } from '../machine/tree.ts';
import { SessionDriver } from './session-driver.ts';
import { PROGRAMS, recordsOf, sourceOf, type TextRecord, tracedPrograms } from './traced-programs.ts';

interface Visit {
  readonly t: number;
  readonly line: number;
  readonly words: string;
}

describe('the debugger stops at the recorded lines', function () {
  this.timeout(120_000);
  const traceOf = tracedPrograms();

  for (const name of PROGRAMS)
    it(`of ${name}.mts, at each of them, forwards and backwards`, async () => {
      const file = traceOf(name);
      const records = recordsOf(file);
      const expected = linesByTime(records);
      const forwards = await walk(file, 'next');
      assert.ok(forwards.length > 10, `${forwards.length} stops`);
      for (const { t, line, words } of forwards)
        assert.ok(
          expected.get(t)?.has(line),
          `${words}: line ${line}, and not ${[...(expected.get(t) ?? [])].join()}`,
        );
      const visited = new Set(forwards.map(({ t, line }) => `${t} ${line}`));
      const missed = mustBeVisited(records).filter(({ t, line }) => !visited.has(`${t} ${line}`));
      assert.deepEqual(missed, []);
      const backwards = await walk(file, 'stepBack');
      assert.deepEqual(
        backwards.map(({ t, line }) => `${t} ${line}`).sort(),
        [...forwards].map(({ t, line }) => `${t} ${line}`).sort(),
      );
    });

  /** Each stop of each task, one task after the other. */
  async function walk(file: string, command: 'next' | 'stepBack'): Promise<Visit[]> {
    const opened = openTrace(file);
    assert.ok(typeof opened !== 'string');
    const { tasks } = opened.trace;
    const visits: Visit[] = [];
    for (let row = 0; row < tasks.count; row++) {
      if (tasks.frameOf[row]! >= 0) continue;
      const driver = new SessionDriver();
      await driver.open({ recording: file, folders: [tree], at: command === 'next' ? 'start' : 'end' });
      const threadId = row + 1;
      // The session begins at a stop of some task, which is this one's first or last, or another's.
      const seen = new Set<string>();
      for (;;) {
        const visit = await visitOf(driver, threadId);
        if (visit !== null) {
          const key = `${visit.t} ${visit.line} ${visit.words}`;
          if (seen.has(key)) break;
          seen.add(key);
          visits.push(visit);
        }
        const stopped = await driver.move(command, { threadId });
        if (stopped.threadId !== threadId || /^(End|Beginning) of/.test(stopped.description)) break;
      }
    }
    return visits;
  }

  /** Null: the session stands at another task. */
  async function visitOf(driver: SessionDriver, threadId: number): Promise<Visit | null> {
    const stopped = driver.events.findLast(({ event }) => event === 'stopped')!;
    if ((stopped.body as { threadId: number }).threadId !== threadId) return null;
    const [top] = await driver.stack(threadId);
    const { timeNs } = await driver.request<{ timeNs: number }>('moment');
    const path = top!.source?.path;
    assert.ok(
      PROGRAMS.some((name) => sourceOf(name) === path),
      `${top!.name}: ${path}`,
    );
    return { t: timeNs, line: top!.line, words: (stopped.body as { text: string }).text };
  }
});

/** By time: the lines of the records of that time, and where a task goes on without a line. */
function linesByTime(records: readonly TextRecord[]): Map<number, Set<number>> {
  const lines = new Map<number, Set<number>>();
  const add = (t: number, line: number): void => {
    if (line === 0) return;
    const there = lines.get(t);
    if (there === undefined) lines.set(t, new Set([line]));
    else there.add(line);
  };
  /** By task: where it last came to an await, or began. */
  const last = new Map<number, number>();
  const began = new Map<number, number>();
  for (const { t, kind, id, line, fields } of records) {
    add(t, line);
    if (kind === 'activationBegin') {
      last.set(id, line);
      began.set(id, t);
    } else if (kind === 'wait') {
      if (line > 0) last.set(id, line);
      // The call of what is awaited at once is just before that begins.
      const awaited = began.get(Number(fields.get('for')));
      if (fields.has('direct') && awaited !== undefined) add(awaited, line);
    } else if (kind === 'run' || (kind === 'activationEnd' && line === 0)) add(t, last.get(id) ?? 0);
  }
  return lines;
}

/** What a person expects to come by: begins, returns and awaits at a line, but awaits of calls. */
function mustBeVisited(records: readonly TextRecord[]): TextRecord[] {
  const tasks = new Set(records.filter(({ kind }) => kind === 'activationBegin').map(({ id }) => id));
  return records.filter(({ kind, line, fields }) => {
    if (line === 0 || fields.get('kind') === 'main' || fields.has('ready')) return false;
    if (kind === 'activationBegin' || kind === 'activationEnd') return true;
    return kind === 'wait' && !(fields.has('direct') && tasks.has(Number(fields.get('for'))));
  });
}
