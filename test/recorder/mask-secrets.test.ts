import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { maskSecrets } from '../../runtime/recorder/mask-secrets.ts';
import { encodeRefusedPart } from '../../runtime/recorder/refused-part.ts';
import { PART_HEAD_BYTES } from '../../runtime/trace/format/part.ts';
import { toText } from '../../runtime/trace/format/text.ts';

const rows: readonly (readonly [given: string, masked: string])[] = [
  ['node a.js --password=hunter2 --port=80', 'node a.js --password=*** --port=80'],
  ['node a.js --api-key K3Y --verbose', 'node a.js --api-key *** --verbose'],
  ['node a.js --token --verbose', 'node a.js --token --verbose'],
  ['node a.js DB_PASSWORD=x USER=ada', 'node a.js DB_PASSWORD=*** USER=ada'],
  ['node a.js postgres://ada:s3cret@db/x', 'node a.js postgres://ada:***@db/x'],
  ['node a.js https://h/p?a=1&access_token=abc#f', 'node a.js https://h/p?a=1&access_token=***#f'],
  [`node a.js ghp_${'a'.repeat(36)}`, 'node a.js ***'],
  ['node tokens.js --passes=3 authors.txt', 'node tokens.js --passes=3 authors.txt'],
];

describe('the command line in a recording', () => {
  for (const [given, masked] of rows) {
    it(`is ${masked}`, () => assert.equal(maskSecrets(given.split(' ')).join(' '), masked));
  }
});

describe('the part of a process that is not traced', () => {
  it('holds no secret of the command line either', () => {
    const part = encodeRefusedPart({
      pid: 1,
      parentPid: 0,
      startNs: 1n,
      wallNs: 1n,
      args: ['node', 'a.js', '--token=hunter2'],
      version: '',
      why: 'a test',
    });
    const text = toText(part.subarray(PART_HEAD_BYTES));
    assert.match(text, /argv="node a\.js --token=\*\*\*"/);
  });
});
