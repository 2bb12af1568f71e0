/** Where the picture says that the times of another machine may be off. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { doubtfulTimes } from '../../../media/worker/layers/clock-uncertainty.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

const process = (machine: string, tasks: string): Uint8Array =>
  fromText(`0 0 agent ${machine} news=machine
    0 0 processBegin pid=1 language=node method=program
    0 0 laneBegin osThread=1 name="main" kind=main
    0 0 activationBegin id=1 name="main" kind=main
    ${tasks}
    1000 0 activationEnd id=1 outcome=ok
    1000 0 processEnd exitCode=0`);

/** "name: 10–30, 90–110" of each row, where the second machine is off by so much. */
function zonesOf(uncertaintyNs: string): string[] {
  const session = new Session(1, false);
  session.feed(0, process('text="host-a|0"', '10 0 activationBegin id=2 name="here" kind=async-task'));
  session.feed(
    1,
    process(
      `text="host-b|${uncertaintyNs}" count=1`,
      `
      5 0 activationBegin id=2 name="begins at once" kind=async-task
      500 0 activationEnd id=2 outcome=ok
      600 0 activationBegin id=3 name="short" kind=async-task
      630 0 activationEnd id=3 outcome=ok
      700 0 activationBegin id=4 name="endless" kind=async-task`,
    ),
  );
  session.endTrace();
  const { trace } = session;
  return Array.from({ length: trace.tasks.count }, (_, index) => {
    const row = { kind: 'task', index } as Parameters<typeof doubtfulTimes>[1];
    const zones = doubtfulTimes(trace, row).map(({ fromNs, toNs }) => `${fromNs}–${toNs}`);
    return `${trace.labelOf(index)}: ${zones.join(', ')}`;
  }).filter((line) => !line.startsWith('main'));
}

describe('the hatching of another machine’s times', () => {
  it('lies around the begin and the end of its tasks, and over all of what is shorter', () => {
    assert.deepEqual(zonesOf('20'), [
      'here: ',
      'begins at once: 0–25, 480–520',
      'short: 580–650',
      'endless: 680–720',
    ]);
  });

  it('claims nothing where nothing is known, or nothing is doubtful', () => {
    for (const uncertaintyNs of ['', '0'])
      assert.deepEqual(zonesOf(uncertaintyNs), ['here: ', 'begins at once: ', 'short: ', 'endless: ']);
  });
});
