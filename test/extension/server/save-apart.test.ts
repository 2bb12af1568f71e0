import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { saveApart } from '../../../extension/server/save-apart.ts';
import { mergeTraces } from '../../../runtime/launch/merge-traces.ts';
import { saveTrace } from '../../../runtime/launch/saved-trace.ts';
import { begin, end, newPart, processEnd, temporaryFolders } from '../../launch/part-writer.ts';
import { producer, recordMachine, worker } from '../../support/machine-recordings.ts';

const folder = temporaryFolders();
const NEVER = new AbortController().signal;

function recordingOf(tasks: number): string {
  const at = folder();
  const part = newPart(at);
  for (let first = 1; first <= tasks; first += 10_000)
    part.append(
      Buffer.concat(
        Array.from({ length: Math.min(10_000, tasks - first + 1) }, (_, i) => [
          begin(2 * (first + i), first + i),
          end(2 * (first + i) + 1, first + i),
        ]).flat(),
      ),
    );
  part.append(processEnd(2 * tasks + 2));
  return at;
}

describe('a save on a thread of its own', () => {
  it('writes what a save here writes, and leaves nothing else', async () => {
    const recording = recordingOf(10);
    const at = folder();
    const own = join(at, 'own.simul');
    saveTrace(recording, own);
    const answer = await saveApart({ folder: recording, file: join(at, 'apart.simul') }, NEVER);
    assert.deepEqual({ ...answer, bytes: 0 }, { saved: true, records: 21, bytes: 0, troubles: [] });
    assert.deepEqual(readFileSync(join(at, 'apart.simul')), readFileSync(own));
    assert.deepEqual(readdirSync(at), ['apart.simul', 'own.simul']);
  });

  it('leaves no half file when it is cancelled, and what was there before', async () => {
    const recording = recordingOf(1_000_000);
    const at = folder();
    const file = join(at, 'a.simul');
    writeFileSync(file, 'before');
    for (const asReport of [false, true]) {
      const stop = new AbortController();
      let isOver = false;
      const saving = saveApart({ folder: recording, file, asReport }, stop.signal).finally(() => {
        isOver = true;
      });
      while (!isOver && !hasBegun(at)) await turn();
      stop.abort();
      const answer = await saving;
      assert.ok(!answer.saved && answer.wasCancelled === true, JSON.stringify(answer));
      assert.deepEqual(readdirSync(at), ['a.simul']);
      assert.equal(readFileSync(file, 'utf8'), 'before');
    }
  });

  it('merges what is added, as the command line does, and says how well the clocks are known', async () => {
    const [at, out] = [folder(), folder()];
    const a = recordMachine(at, 'host-a', producer(5));
    const b = recordMachine(at, 'host-b', worker(5), { zeroMs: 77_000n, skewMs: 2000n });
    const own = join(out, 'own.simul');
    mergeTraces([a, b], own);
    const answer = await saveApart({ folder: a, with: [b], file: join(out, 'apart.simul') }, NEVER);
    assert.ok(answer.saved, JSON.stringify(answer));
    assert.deepEqual(answer.clocks, [
      'the clock of host-b is known against that of host-a to ± 20 ms by 10 jobs and results, and was brought to that',
    ]);
    assert.deepEqual(readFileSync(join(out, 'apart.simul')), readFileSync(own));
    const refused = await saveApart({ folder: a, with: [a], file: join(out, 'no.simul') }, NEVER);
    assert.deepEqual(refused, { saved: false, words: `${a} and ${a} are the same recording` });
    assert.deepEqual(readdirSync(out), ['apart.simul', 'own.simul']);
  });

  it('leaves nothing of a merge that is cancelled', async () => {
    const [a, b] = [recordingOf(1_000_000), recordingOf(10)];
    const at = folder();
    const stop = new AbortController();
    let isOver = false;
    const file = join(at, 'a.simul');
    const merging = saveApart({ folder: a, with: [b], file }, stop.signal).finally(() => {
      isOver = true;
    });
    while (!isOver && !hasBegun(at)) await turn();
    stop.abort();
    assert.deepEqual(await merging, { saved: false, words: 'it was cancelled', wasCancelled: true });
    assert.deepEqual(readdirSync(at), []);
  });

  it('does not begin when it was cancelled before', async () => {
    const file = join(folder(), 'a.simul');
    const answer = await saveApart({ folder: recordingOf(1), file }, AbortSignal.abort());
    assert.deepEqual(answer, { saved: false, words: 'it was cancelled', wasCancelled: true });
    assert.ok(!existsSync(file));
  });

  it('says why not, with the name that was asked for', async () => {
    const [empty, at] = [folder(), folder()];
    const words = async (file: string, asReport: boolean): Promise<string> => {
      const answer = await saveApart({ folder: empty, file, asReport }, NEVER);
      return answer.saved ? 'saved' : answer.words.replaceAll(empty, 'EMPTY').replaceAll(at, 'AT');
    };
    assert.equal(
      await words(join(at, 'a.simul'), false),
      'EMPTY holds no recording: there is no *.part file in it',
    );
    assert.equal(
      await words(join(at, 'no/a.html'), true),
      'the report cannot be saved as AT/no/a.html: the folder AT/no does not exist',
    );
    writeFileSync(join(empty, 'x.simul'), 'no trace');
    const broken = await saveApart({ folder: join(empty, 'x.simul'), file: join(at, 'b.simul') }, NEVER);
    assert.match(
      broken.saved ? '' : broken.words.replaceAll(at, 'AT'),
      /^the trace cannot be saved as AT\/b\.simul: /,
    );
    assert.deepEqual(readdirSync(at), []);
  });
});

/** Bytes of the trace are in a file that has no name of its own yet. */
const hasBegun = (at: string): boolean =>
  readdirSync(at, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && entry.name !== 'a.simul' && sizeOf(join(entry.parentPath, entry.name)) > 0,
  );

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
