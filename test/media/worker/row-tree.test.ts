import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RowTree } from '../../../media/worker/session/row-tree.ts';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

/** A program whose task 1 spawns `spawned` tasks; the first `ended` of them end. */
function program(spawned: number, ended: number): { rows: RowTree; columns: Columns } {
  const lines = ['0 0 laneBegin osThread=1 kind=main', '1 0 activationBegin id=1 name="main" kind=module'];
  for (let i = 0; i < spawned; i++) {
    lines.push(
      `${10 + i} 0 activationBegin id=${2 + i} parent=1 name="job" kind=async-function ready unawaited`,
    );
  }
  for (let i = 0; i < ended; i++) lines.push(`${10_000 + i} 0 activationEnd id=${2 + i} outcome=ok`);
  const trace = new Trace();
  const columns = new Columns(trace);
  const fold = new Fold([columns], trace);
  fold.feed(0, fromText(lines.join('\n')));
  return { rows: new RowTree(fold.trace, columns), columns };
}

const outline = (rows: RowTree): string =>
  rows.list.map((row) => `${'  '.repeat(row.depth)}${row.kind} ${row.index}`).join('\n');

describe('The tree', () => {
  it('shows every task of a small program under the one that spawned it, ended or not', () => {
    const { rows } = program(3, 2);
    rows.rebuild(18);
    assert.equal(outline(rows), ['lane 0', '  task 0', '    task 1', '    task 2', '    task 3'].join('\n'));
  });

  it('folds the ended tasks of a large program into a row with their number, and unfolds it again', () => {
    const { rows } = program(100, 90);
    rows.rebuild(18);
    assert.equal(rows.list.length, 1 + 1 + 10 + 1);
    const fold = rows.list.at(-1)!;
    assert.deepEqual([fold.kind, fold.index, fold.expanded], ['ended', 90, false]);
    rows.toggle(fold.key);
    rows.rebuild(18);
    assert.equal(rows.list.length, 1 + 1 + 10 + 1 + 90);
  });

  it('has one row for a body and the module that failed it, and the body’s where it failed alone', () => {
    const rowsOf = (...lines: readonly string[]): string => {
      const trace = new Trace();
      const columns = new Columns(trace);
      const begin = '0 0 activationBegin id=1 name="a.ts" kind=main';
      new Fold([columns], trace).feed(0, fromText([begin, ...lines].join('\n')));
      const rows = new RowTree(trace, columns);
      rows.rebuild(18);
      return outline(rows);
    };
    const module = '1 0 activationBegin id=2 parent=1 name="a.ts" kind=module';
    const failed = (id: number): string => `${id + 5} 0 activationEnd id=${id} outcome=error`;
    assert.equal(rowsOf(module, failed(2), failed(1)), 'lane 0\n  task 1');
    assert.equal(rowsOf(failed(1)), 'lane 0\n  task 0');
    const well = '6 0 activationEnd id=2 outcome=ok';
    assert.equal(
      rowsOf(module, well, '7 0 activationEnd id=1 outcome=error'),
      'lane 0\n  task 0\n    task 1',
    );
  });

  it('keeps the row of what the program consists of when all has ended', () => {
    const lines = ['0 0 laneBegin osThread=1 kind=main', '1 0 activationBegin id=1 name="main" kind=module'];
    lines.push('2 0 activationEnd id=1 outcome=ok');
    for (let i = 2; i < 102; i++) {
      lines.push(`${10 * i} 0 activationBegin id=${i} name="on('data') callback" kind=event-callback`);
      lines.push(`${10 * i + 5} 0 activationEnd id=${i} outcome=ok`);
    }
    const trace = new Trace();
    const columns = new Columns(trace);
    const fold = new Fold([columns], trace);
    fold.feed(0, fromText(lines.join('\n')));
    const rows = new RowTree(fold.trace, columns);
    rows.rebuild(18);
    assert.equal(outline(rows), ['lane 0', '  task 0', '  ended 100'].join('\n'));
  });

  it('finds the row at a height, and none above the first or below the last', () => {
    const { rows } = program(3, 0);
    rows.rebuild(18);
    assert.deepEqual(
      [
        rows.indexAt(0),
        rows.indexAt(17.5),
        rows.indexAt(18),
        rows.indexAt(89),
        rows.indexAt(90),
        rows.indexAt(-1),
      ],
      [0, 0, 1, 4, -1, -1],
    );
  });

  it('unfolds all that hides a given task', () => {
    const { rows } = program(100, 90);
    rows.rebuild(18);
    assert.equal(rows.indexOf('t5'), -1);
    rows.revealTask(5);
    rows.rebuild(18);
    assert.ok(rows.indexOf('t5') > 0);
  });
});
