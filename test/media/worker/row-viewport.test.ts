import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '../../../media/worker/clock.ts';
import { RowViewport } from '../../../media/worker/row-viewport.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

describe('The rows in view', () => {
  it('are there with the first records, and are laid out anew at most five times a second', () => {
    let nowMs = 1000;
    const clock: Clock = { now: () => nowMs, atNextFrame: () => undefined, after: () => () => undefined };
    const session = new Session(1, true);
    const rows = new RowViewport();
    const begin = (id: number): void => {
      session.feed(
        0,
        fromText(`${id} 0 activationBegin id=${id} name="f" site="a.ts:1:1 f" kind=async-task`),
      );
    };
    const rowsAt = (ms: number): number => {
      nowMs = ms;
      rows.layOutIfDue(session, ms, clock);
      return session.tree.list.length;
    };
    assert.equal(rowsAt(1000), 0);
    begin(1);
    const first = rowsAt(1010);
    assert.ok(first > 0);
    begin(2);
    assert.equal(rowsAt(1100), first);
    assert.equal(rowsAt(1300), first + 1);
  });
});
