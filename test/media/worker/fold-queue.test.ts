import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { FromWorker } from '../../../media/messages.ts';
import type { Clock } from '../../../media/worker/clock.ts';
import { FoldQueue } from '../../../media/worker/fold-queue.ts';
import { RECORD_BYTES } from '../../../runtime/trace/format/layout.ts';
import type { PanelController } from '../../../media/worker/panel-controller.ts';

/** A panel that notes what is folded, and a clock whose callbacks run when they are asked to. */
function makeQueue() {
  const folded: string[] = [];
  const due: (() => void)[] = [];
  const asked: string[] = [];
  let nowMs = 0;
  let msOfFolding = 0;
  const session = {
    opening: 1,
    live: false,
    ended: false,
    trace: { events: 1 },
    feed: (part: number, records: Uint8Array) => {
      const some = records.length === 0 ? '' : `, ${records.length / RECORD_BYTES} records`;
      folded.push(`${session.opening}: part ${part}${some}`);
      session.trace.events += records.length / RECORD_BYTES;
      nowMs += msOfFolding;
      return [];
    },
  };
  const panel = {
    session,
    post: (message: FromWorker) => folded.push(message.type),
    redraw: () => {
      asked.push('at once');
      panel.frames.drawnAtMs = nowMs;
    },
    endTrace: () => folded.push(`${session.opening}: end`),
    frames: {
      visible: false,
      drawnAtMs: Number.NEGATIVE_INFINITY,
      hasUnfolded: false,
      drawIn: (ms: number) => void asked.push(`in ${ms} ms`),
    },
  };
  const clock: Clock = {
    now: () => nowMs,
    atNextFrame: (run) => void due.push(run),
    after: (_ms, run) => {
      due.push(run);
      return () => {};
    },
  };
  const queue = new FoldQueue(panel as unknown as PanelController, clock);
  const run = (): string[] => {
    for (const callback of due.splice(0)) callback();
    return folded.splice(0);
  };
  const setMsOfFolding = (ms: number): void => void (msOfFolding = ms);
  const goTo = (ms: number): void => void (nowMs = ms);
  return { queue, session, frames: panel.frames, run, asked, goTo, setMsOfFolding };
}

const records = (opening: number, part: number) =>
  ({ type: 'records', opening, part, bytes: 1, records: new Uint8Array() }) as const;

describe('the queue of what is to be folded', () => {
  it('drops what belongs to a trace that is no longer shown', () => {
    const { queue, session, run } = makeQueue();
    session.opening = 2;
    queue.push(records(1, 0));
    queue.push(records(2, 0));
    assert.deepEqual(run(), ['2: part 0', 'credit']);
  });

  it('keeps what comes before the word that its trace is opened', () => {
    const { queue, session, run } = makeQueue();
    queue.push(records(1, 0));
    queue.push(records(2, 0));
    queue.push({ type: 'end', opening: 2 });
    assert.deepEqual(run(), ['1: part 0', 'credit']);
    assert.deepEqual(run(), []);
    session.opening = 2;
    queue.traceOpened();
    assert.deepEqual(run(), ['2: part 0', 'credit', '2: end']);
  });

  it('asks for ten pictures a second of a living program, and for each of a saved trace', () => {
    for (const live of [true, false]) {
      const { queue, session, run, asked, goTo } = makeQueue();
      session.live = live;
      for (const ms of [0, 33, 66, 100]) {
        goTo(ms);
        queue.push(records(1, 0));
        run();
        // After a frame folding goes on by itself.
        run();
      }
      const expected = live
        ? ['at once', 'in 67 ms', 'in 34 ms', 'at once']
        : ['at once', 'at once', 'at once', 'at once'];
      assert.deepEqual(asked, expected);
    }
  });

  it('counts a picture that was drawn for another reason: it showed the records, too', () => {
    const { queue, session, frames, run, asked, goTo } = makeQueue();
    session.live = true;
    frames.drawnAtMs = 90;
    goTo(100);
    queue.push(records(1, 0));
    run();
    assert.deepEqual(asked, ['in 90 ms']);
  });

  it('grants credit once for all that it folds in a row', () => {
    const { queue, run } = makeQueue();
    queue.push(records(1, 0));
    queue.push(records(1, 1));
    assert.deepEqual(run(), ['1: part 0', '1: part 1', 'credit']);
  });

  it('folds a large message in pieces, so that a picture is drawn of its beginning', () => {
    const { queue, session, frames, run, asked, goTo, setMsOfFolding } = makeQueue();
    session.trace.events = 0;
    goTo(1000);
    setMsOfFolding(20);
    queue.push({ ...records(1, 0), records: new Uint8Array(20_000 * RECORD_BYTES) });
    assert.deepEqual(run(), ['1: part 0, 8192 records']);
    assert.deepEqual(asked, ['at once']);
    assert.ok(frames.hasUnfolded, 'the rest is still to come');
    const rest = [...run(), ...run(), ...run()];
    assert.deepEqual(rest, ['1: part 0, 8192 records', '1: part 0, 3616 records', 'credit']);
    assert.ok(!frames.hasUnfolded);
  });

  it('has something to fold from the moment at which it came, also while its trace is not open', () => {
    const { queue, session, frames, run } = makeQueue();
    queue.push({ type: 'end', opening: 2 });
    assert.ok(frames.hasUnfolded);
    run();
    assert.ok(frames.hasUnfolded);
    session.opening = 2;
    queue.traceOpened();
    run();
    assert.ok(!frames.hasUnfolded);
  });
});
