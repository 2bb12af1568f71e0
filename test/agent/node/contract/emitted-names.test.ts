import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { PROBE } from '../../../../runtime/agent/node/contract/emitted-names.ts';
import { HELD_CALL } from '../../../../runtime/recorder/thread-inspector.ts';

describe('the names of the realm’s constants', () => {
  it('are one each', () => {
    const names = Object.values(PROBE);
    assert.equal(new Set(names).size, names.length);
  });

  it('hold the one that the helper thread calls', () => {
    assert.equal(HELD_CALL, PROBE.held);
  });
});
