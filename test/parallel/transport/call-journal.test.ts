import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { JournalWriter, openJournal } from '../../../runtime/parallel/transport/call-journal.ts';
import { CALL_OUTCOME } from '../../../runtime/parallel/transport/messages.ts';
import { isJson, NOT_COPIED, snapshot } from '../../../runtime/parallel/transport/snapshot.ts';

const value = fc.oneof(
  fc.double(),
  fc.constant(undefined),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.jsonValue(),
  fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
);
/** A call begins; then it is answered, or not yet; then all answers are sent, or not yet. */
const steps = fc.array(
  fc.record({
    answers: fc.array(fc.record({ value, isDone: fc.boolean() }), { maxLength: 3 }),
    areSent: fc.boolean(),
  }),
  { maxLength: 30 },
);

describe('a call journal', () => {
  it('gives all answers that were not sent, and the call that began last', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const journal = openJournal()!;
        const writer = new JournalWriter(journal.fd);
        let kept: unknown[] = [];
        let unsent: unknown[] = [];
        let serial = 0;
        let lastStarted: number | null = null;
        for (const { answers, areSent } of list) {
          if (areSent) {
            writer.allSent();
            unsent = [];
          }
          for (const answer of answers) {
            const outcome = answer.isDone ? CALL_OUTCOME.done : CALL_OUTCOME.failed;
            // As the process's end of a pool does: JSON where it holds the value.
            const copy = snapshot(answer.value);
            if (copy !== NOT_COPIED && writer.keep(++serial, outcome, copy, isJson()))
              unsent.push(serial, outcome, answer.value);
          }
          writer.begin((lastStarted = ++serial));
          kept = [...unsent];
        }
        const found = journal.takeAll();
        assert.equal(found.lastStarted, lastStarted);
        // What was sent before may be there, too: the pool knows what it got.
        assert.deepEqual(found.answers.slice(found.answers.length - kept.length), structuredClone(kept));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('keeps no large answer, and none that cannot be serialized', () => {
    const journal = openJournal()!;
    const writer = new JournalWriter(journal.fd);
    assert.equal(writer.keep(1, CALL_OUTCOME.done, 'x'.repeat(20_000), true), false);
    assert.equal(writer.keep(1, CALL_OUTCOME.done, new Uint8Array(20_000), false), false);
    assert.equal(
      writer.keep(1, CALL_OUTCOME.done, () => 0, false),
      false,
    );
    writer.begin(2);
    assert.deepEqual(journal.takeAll(), { answers: [], lastStarted: 2 });
  });

  it('is full after a megabyte, until all its answers are sent', () => {
    const journal = openJournal()!;
    const writer = new JournalWriter(journal.fd);
    for (let serial = 1; !writer.isFull; serial++) {
      assert.ok(serial < 200);
      writer.keep(serial, CALL_OUTCOME.done, 'x'.repeat(10_000), true);
      writer.begin(serial + 1);
    }
    writer.allSent();
    writer.begin(500);
    assert.equal(writer.isFull, false);
    journal.takeAll();
  });
});
