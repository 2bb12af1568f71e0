import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Class, CLASS_OF_CODE, reasonOf } from '../../../runtime/trace/columns/classes.ts';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { REASONS } from '../../../runtime/trace/format/kinds.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';

const NAMES = Object.keys(Class);

function columnsOf(text: string): { columns: Columns; trace: Trace } {
  const trace = new Trace();
  const columns = new Columns(trace);
  new Fold([columns], trace).feed(0, fromText(text));
  return { columns, trace };
}

/** "blocked future, run, …": how row 0 is painted, and the reason of each wait. */
function paintedRow(text: string): string {
  const { columns } = columnsOf(text);
  return Array.from({ length: columns.rows.count(0) }, (_, i) => {
    const { code } = columns.rows.span(0, i);
    return `${NAMES[CLASS_OF_CODE[code]!]} ${REASONS[reasonOf(code)]}`.trim();
  }).join(', ');
}

const BEGIN = `
  0 0 activationBegin id=1 name="f" kind=async-function
  1 0 resourceBegin creator=1 id=2 name="setTimeout 1 ms" kind=timer
  2 0 resourceBegin id=3 name="FSReqCallback" kind=io
`;

describe('A wait for a promise is painted as a wait', () => {
  it('for others, as long as nothing tells what settles it', () => {
    assert.equal(paintedRow(`${BEGIN} 10 0 wait id=1 reason=future`), 'run, blocked future');
    assert.equal(
      paintedRow(`${BEGIN} 10 0 wait id=1 reason=future\n 20 0 run id=1`),
      'run, blocked future, run',
    );
  });

  it('for the world, when it was for a timer or I/O from the start', () => {
    assert.equal(paintedRow(`${BEGIN} 10 0 wait id=1 for=2 reason=future`), 'run, idle timer');
    assert.equal(paintedRow(`${BEGIN} 10 0 wait id=1 for=3 reason=future`), 'run, idle io');
  });

  it('for the world, once a timer’s callback or I/O has ended it', () => {
    assert.equal(
      paintedRow(`${BEGIN} 10 0 wait id=1 reason=future
        20 0 activationBegin id=4 parent=1 name="setTimeout 1 ms callback" of=2 kind=timer-callback
        21 0 wake woken=1 waker=4 resource=2`),
      'run, idle timer, ready',
    );
    assert.equal(
      paintedRow(`${BEGIN} 10 0 wait id=1 reason=future\n 20 0 wake woken=1 resource=3`),
      'run, idle io, ready',
    );
  });

  it('for others, when a task ended it, whatever had set that task off', () => {
    assert.equal(
      paintedRow(`${BEGIN} 10 0 wait id=1 reason=future
        20 0 activationBegin id=4 name="onRequest" of=3 kind=async-function
        21 0 wake woken=1 waker=4 resource=3`),
      'run, blocked future, ready',
    );
  });

  it('of the same kind in the sums over many spans, and tells from where on to paint anew', () => {
    const lines = [BEGIN];
    for (let i = 0; i < 700; i++) {
      lines.push(`${100 + i * 10} 0 wait id=1 reason=future`, `${105 + i * 10} 0 wake woken=1 resource=3`);
      lines.push(`${106 + i * 10} 0 run id=1`);
    }
    const { columns, trace } = columnsOf(lines.join('\n'));
    const shares = new Float32Array(2 * COVER_SHARES);
    cover(columns.rows, 0, { startNs: 100, nsPerPixel: 7000 }, 0, 1, trace.endNs, shares, Class.idle);
    const blocked = shares[2]!;
    assert.equal(blocked, 0);
    assert.equal(columns.revisedFromNs, 100);
  });
});
