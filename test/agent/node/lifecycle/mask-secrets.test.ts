import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { maskSecrets } from '../../../../runtime/agent/node/lifecycle/mask-secrets.ts';

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
