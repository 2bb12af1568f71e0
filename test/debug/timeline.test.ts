import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DebugRecording } from '../../runtime/debug/recording.ts';
import { Timeline } from '../../runtime/debug/timeline.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { readSavedTrace } from '../../runtime/launch/read-saved-trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { Random } from '../fuzz/random.ts';
import { PROGRAMS, tracedPrograms } from './traced-programs.ts';

/** What each row does at the cursor. */
function stateOf(timeline: Timeline): string[] {
  const rows = [...timeline.living].sort((a, b) => a - b);
  return rows.map((row) => `${row} ${timeline.newestOf(row)}`);
}

describe('the cursor of a timeline', function () {
  this.timeout(60_000);
  const traceOf = tracedPrograms();

  for (const program of PROGRAMS)
    it(`knows the same of a place from whichever side it comes, in ${program}.mts`, () => {
      const recording = new DebugRecording();
      const fold = new Fold(recording.observers, recording.trace);
      const random = new Random(PROGRAMS.indexOf(program) + 1);
      const walked = new Timeline(recording.log, null);
      const grown: string[][] = [];
      readSavedTrace(traceOf(program), {
        // In pieces, with the cursor somewhere: what comes late must not disturb it.
        onRecords: (part, records) => {
          for (let at = 0; at < records.length; at += 32 * 7) {
            fold.feed(part, records.subarray(at, at + 32 * 7));
            walked.update();
            if (walked.count > 0) walked.moveTo(random.below(walked.count));
          }
        },
        onTrouble: assert.fail,
      });
      const count = walked.count;
      for (let place = 0; place < count; place++) {
        const fresh = new Timeline(recording.log, null);
        fresh.update();
        fresh.moveTo(place);
        grown.push(stateOf(fresh));
      }
      for (let i = 0; i < 300; i++) {
        const place = random.below(count);
        walked.moveTo(place);
        assert.deepEqual(stateOf(walked), grown[place], `place ${place}`);
      }
    });

  it('tells at which line a generator was asked, also where its caller asks it at several', () => {
    const recording = new DebugRecording();
    const fold = new Fold(recording.observers, recording.trace);
    fold.feed(
      0,
      fromText(`
        0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
        1 0 activationBegin id=2 parent=1 name="items" site="a.ts:9:1 function items" kind=async-generator
        2 0 wait id=2 site="a.ts:10:3 await! items | sleep(1)" reason=timer
        3 0 wait id=1 site="a.ts:3:3 await! main | gen.next()" for=2 reason=task direct
        4 0 run id=2
        5 0 wait id=2 site="a.ts:11:3 yield items | 1" for=1 reason=consumer
        6 0 wake woken=1 waker=2
        7 0 run id=1 waker=2
        8 0 run id=2 waker=1
        9 0 wait id=2 site="a.ts:10:3 await! items | sleep(1)" reason=timer
        10 0 wait id=1 site="a.ts:5:3 await! main | gen.next()" for=2 reason=task direct
        11 0 run id=2
      `),
    );
    assert.deepEqual(recording.trace.problems, []);
    const { log, trace } = recording;
    const callLineAt = (t: number): number => {
      const step = log.t.indexOf(t);
      return trace.sites[log.calls.siteOf(1, step)]!.line;
    };
    assert.deepEqual([1, 2, 4, 8, 9, 11].map(callLineAt), [3, 3, 3, 5, 5, 5]);
  });
});
