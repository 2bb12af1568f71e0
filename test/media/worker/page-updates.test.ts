import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FromWorker } from '../../../media/messages.ts';
import { PageUpdates } from '../../../media/worker/page-updates.ts';
import { RowViewport } from '../../../media/worker/row-viewport.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { View } from '../../../media/worker/session/view.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

const S = 1_000_000_000;

/** Sends what a trace has to say at its end, at each of these times. */
function send(text: string, timesMs: readonly number[]): { frames: number; posted: string[] } {
  const session = new Session(1, false);
  session.feed(0, fromText(text));
  session.endTrace();
  let frames = 0;
  const posted: string[] = [];
  const context = {
    session,
    view: new View(),
    rowViewport: new RowViewport(),
    selection: { selected: null, currentRowKey: null },
    showsPath: false,
    playheadNs: null,
    savedView: () => null,
    post: ({ type }: FromWorker) => void posted.push(type),
    redraw: () => void frames++,
    redrawIn: () => undefined,
  };
  const clock = { now: () => 0, atNextFrame: () => undefined, after: () => () => undefined };
  const updates = new PageUpdates(context, clock);
  for (const ms of timesMs) updates.send(ms);
  return { frames, posted };
}

/** @returns how many frames the first sending asked for */
const framesAsked = (text: string): number => send(text, [1000]).frames;

describe('What is sent to the page at a frame', () => {
  it('has the picture drawn again with what was found, which that frame did not know', () => {
    const stuck = `
      0 0 activationBegin id=1 name="f" site="a.ts:1:1 function f" kind=async-function
      1000 0 wait id=1 site="a.ts:2:1 await f | never" reason=future
      ${S} 0 processEnd exitCode=13 how=exit
    `;
    assert.equal(framesAsked(stuck), 1);
  });

  it('asks for no frame where nothing was found', () => {
    const well = `
      0 0 activationBegin id=1 name="f" site="a.ts:1:1 function f" kind=async-function
      1000 0 activationEnd id=1 outcome=ok
    `;
    assert.equal(framesAsked(well), 0);
  });

  it('is what has changed alone: rows and figures that say the same are no message', () => {
    const well = `
      0 0 activationBegin id=1 name="f" site="a.ts:1:1 function f" kind=async-function
      1000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(send(well, [1000, 5000, 9000]).posted, ['tree', 'status', 'summary']);
  });

  it('is a new summary after a pause of thirty times as long as the last one took', () => {
    const session = new Session(1, true);
    const posted: string[] = [];
    const waits: number[] = [];
    let nowMs = 0;
    const context = {
      session,
      view: new View(),
      rowViewport: new RowViewport(),
      selection: { selected: null, currentRowKey: null },
      showsPath: false,
      playheadNs: null,
      savedView: () => null,
      post: ({ type }: FromWorker) => void posted.push(type),
      redraw: () => undefined,
      redrawIn: (ms: number) => void waits.push(ms),
    };
    // A clock that takes 50 ms from each look to the next.
    const clock = { now: () => (nowMs += 50), atNextFrame: () => undefined, after: () => () => undefined };
    const updates = new PageUpdates(context, clock);
    const feed = (id: number): void => {
      const text = `${id} 0 activationBegin id=${id} name="f" site="a.ts:1:1 f" kind=async-function`;
      session.feed(0, fromText(text));
    };
    feed(1);
    updates.send(1000);
    feed(2);
    updates.send(2000);
    assert.equal(posted.filter((type) => type === 'summary').length, 1);
    assert.deepEqual(waits, [501]);
    updates.send(2600);
    assert.equal(posted.filter((type) => type === 'summary').length, 2);
  });
});
