import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { framesInView } from '../../../media/worker/layers/frames.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { View } from '../../../media/worker/session/view.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

const MS = 1_000_000;

/** A row that awaits these functions one after another, each for so many ms, over and over. */
function rowOf(turn: readonly (readonly [name: string, ms: number])[], turns: number): Session {
  const lines = ['0 0 activationBegin id=1 name="top" site="a.ts:1:1 function top" kind=async-function'];
  let [t, id] = [0, 1];
  for (let i = 0; i < turns; i++)
    turn.forEach(([name, ms], at) => {
      const line = 10 * (at + 1);
      id++;
      lines.push(
        `${t} 0 activationBegin id=${id} parent=1 name="${name}" site="a.ts:${line}:1 function ${name}" kind=async-function`,
        `${t} 0 wait id=${id} reason=timer site="a.ts:${line + 1}:3 await ${name} | sleep()"`,
        `${t} 0 wait id=1 for=${id} direct reason=task site="a.ts:${at + 2}:3 await! top | ${name}()"`,
      );
      t += ms * MS;
      lines.push(`${t} 0 run id=${id}`, `${t + 1} 0 activationEnd id=${id}`, `${t + 2} 0 run id=1`);
      t += 1000;
    });
  const session = new Session(1, false);
  session.feed(0, fromText([...lines, `${t} 0 activationEnd id=1`].join('\n')));
  session.endTrace();
  return session;
}

/** Name and rounded width in pixels of each bracket, where the row fills the picture. */
function brackets(session: Session, width: number): string[] {
  const view = new View();
  view.resize(width);
  view.showRange({ startNs: 0, endNs: session.trace.endNs });
  const scene = { session, view, width, ratio: 1 };
  return framesInView(scene, 0).map(
    ({ name, fromNs, toNs }) => `${name} ${Math.round((toNs - fromNs) / view.nsPerPixel)}`,
  );
}

const TURN = [
  ['fetchCustomer', 60],
  ['fetchOrders', 90],
  ['fetchRate', 40],
] as const;

describe('The brackets of awaited functions', () => {
  it('are each function’s own where several take turns, however narrow they are', () => {
    const session = rowOf(TURN, 10);
    const turn = ['fetchCustomer 14', 'fetchOrders 21', 'fetchRate 9'];
    assert.deepEqual(brackets(session, 440).slice(0, 6), [...turn, ...turn]);
    const widest = (width: number): number =>
      Math.max(...brackets(session, width).map((words) => Number(words.split(' ')[1])));
    for (const width of [50, 100, 173, 220])
      assert.ok(widest(width) <= (width * 90) / 1900 + 1, String(width));
  });

  it('are one where a function waits many times, also where each wait is less than a pixel', () => {
    const session = rowOf([['fetchAll', 1]], 3000);
    const [only, ...others] = brackets(session, 300);
    assert.deepEqual(others, []);
    // The last of the waits may lie between two points.
    assert.match(only!, /^fetchAll (?:29\d|300)$/);
  });
});
