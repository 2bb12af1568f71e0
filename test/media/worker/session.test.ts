import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { processName } from '../../../media/worker/words/row-names.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

function firstNs(text: string): number {
  const session = new Session(1, false);
  session.feed(0, fromText(text));
  return session.firstNs;
}

describe('The start of the time that is shown', () => {
  it('is where the program begins to do something, not where its files are read', () => {
    assert.equal(
      firstNs(`
        0 0 activationBegin id=1 name="a.ts" kind=main
        1000 0 pause why=instrument
        200000 0 resume why=instrument
        210000 0 activationBegin id=2 parent=1 name="<module>" kind=module
        211000 0 wait id=2 reason=timer
        212000 0 activationEnd id=1 outcome=ok
      `),
      210_000,
    );
  });

  it('is the first module, however long the body that loads it ran', () => {
    assert.equal(
      firstNs(`
        0 0 activationBegin id=1 name="a.ts" kind=main
        210000 0 activationBegin id=2 parent=1 name="<module>" kind=module
        211000 0 wait id=2 reason=timer
        212000 0 activationEnd id=1 outcome=ok
      `),
      210_000,
    );
  });

  it('is the start of a main body that runs', () => {
    assert.equal(
      firstNs(`
        0 0 activationBegin id=1 name="a.cjs" kind=main
        210000 0 activationBegin id=2 parent=1 name="f" kind=async-function
        211000 0 wait id=2 reason=timer
        212000 0 activationEnd id=1 outcome=ok
      `),
      0,
    );
  });

  it('is where a recording that let go of its beginning was kept from', () => {
    assert.equal(
      firstNs(`
        0 0 clock wall=1000000 wallHigh=400000000
        500000 0 kept records=70 limitKb=60000 why=limit
        0 0 activationBegin id=1 name="a.ts" kind=main
        500000 0 kept records=70 limitKb=60000 why=limit end
        600000 0 run id=1
      `),
      500_000,
    );
  });
});

describe('A process in the tree', () => {
  for (const [argv, name] of [
    ['node vitest run a.test.ts', 'vitest'],
    ['/usr/bin/node npx cowsay', 'npx'],
    ['python3 -X dev shop.py in.csv', 'shop.py'],
    ['node resize.mjs a.png b.png', 'resize.mjs'],
    ['node', 'node'],
  ] as const) {
    it(`is called what runs, and not what it is given: ${argv}`, () => {
      const session = new Session(1, false);
      session.feed(0, fromText(`0 0 processBegin pid=1 argv="${argv}"`));
      assert.equal(processName(session, 0), name);
    });
  }
});
