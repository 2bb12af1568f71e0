import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FromWorker } from '../../../media/messages.ts';
import { showVerdict } from '../../../media/worker/link-targets.ts';
import { PanelController } from '../../../media/worker/panel-controller.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

/** Lines that the editor is asked to show when the proof of the verdict is. */
function linesShown(records: string): number[] {
  const posted: FromWorker[] = [];
  const clock = { now: () => 0, atNextFrame: () => undefined, after: () => () => undefined };
  const panel = new PanelController((message) => void posted.push(message), clock);
  panel.openTrace(1, false, null);
  panel.session.feed(0, fromText(records));
  panel.endTrace();
  panel.session.layOutRows(18, true);
  panel.session.updateFindings();
  showVerdict(panel);
  return posted.flatMap((message) => (message.type === 'source' ? [message.source.line] : []));
}

describe('The line that proves the verdict', () => {
  it('is that of the error, where the row that failed has no record of its own end', () => {
    const failed = `
      0 0 laneBegin osThread=1 name="main" kind=main
      0 0 activationBegin id=1 site="/p/a.ts:1:1 line <main>" name="a.ts" kind=main
      1000 0 activationBegin id=2 parent=1 site="/p/a.ts:1:1 function <module>" name="a.ts" kind=module
      2000 0 activationEnd id=2 outcome=error error="Error: no"
      3000 0 activationEnd id=1 outcome=error
      14000000 0 fact id=2 text="Error: no" what=uncaught site="/p/a.ts:7:9 line f"
      15000000 0 processEnd exitCode=1 how=uncaught
    `;
    assert.deepEqual(linesShown(failed), [7]);
  });

  it('is that of the wait, where the proof is a wait', () => {
    const stuck = `
      0 0 activationBegin id=1 name="f" site="/p/a.ts:1:1 function f" kind=async-function
      1000 0 wait id=1 site="/p/a.ts:4:1 await f | never" reason=future
      1000000000 0 processEnd exitCode=13 how=exit
    `;
    assert.deepEqual(linesShown(stuck), [4]);
  });
});
