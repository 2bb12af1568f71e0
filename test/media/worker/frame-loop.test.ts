import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FrameLoop } from '../../../media/worker/frame-loop.ts';

/** A clock that a test turns by hand. Each frame takes a millisecond to come. */
function makeLoop() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const after = (ms: number, run: () => void): (() => void) => {
    const timer = { atMs: nowMs + ms, run };
    timers.push(timer);
    return () => (timers = timers.filter((other) => other !== timer));
  };
  const log: string[] = [];
  const loop = new FrameLoop(
    { now: () => nowMs, after, atNextFrame: (run) => void after(1, run) },
    {
      drawFrame: () => {
        log.push(`drawn at ${nowMs}`);
        return false;
      },
      reportUpToDate: (messages) => log.push(`${messages} up to date at ${nowMs}`),
    },
  );
  const turnTo = (ms: number): string[] => {
    for (;;) {
      const [next] = timers.filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      nowMs = next.atMs;
      next.run();
    }
    nowMs = ms;
    return log.splice(0);
  };
  return { loop, turnTo };
}

describe('When a frame is drawn', () => {
  it('is the first of the times that were asked for', () => {
    const { loop, turnTo } = makeLoop();
    loop.redrawIn(2000);
    loop.redrawIn(30);
    loop.redrawIn(500);
    assert.deepEqual(turnTo(100), ['drawn at 31']);
  });

  it('the picture counts as up to date only with the records that have come', () => {
    const { loop, turnTo } = makeLoop();
    loop.redraw();
    turnTo(10);
    loop.countMessage();
    loop.drawIn(40);
    loop.reportWhenUpToDate();
    assert.deepEqual(turnTo(45), []);
    assert.deepEqual(turnTo(100), ['drawn at 51', '1 up to date at 52']);
  });

  it('the picture of what is folded is not up to date while more is to be folded', () => {
    const { loop, turnTo } = makeLoop();
    loop.countMessage();
    loop.hasUnfolded = true;
    loop.redraw();
    assert.deepEqual(turnTo(10), ['drawn at 1']);
    loop.hasUnfolded = false;
    loop.redraw();
    assert.deepEqual(turnTo(20), ['drawn at 11', '1 up to date at 12']);
  });
});
