/** A sample of `npm run hostile`: what needs nothing but this Node and a POSIX shell. */
import { describe, it } from 'mocha';
import { assertSame, permissionFlag } from '../hostile/hostile-starts.ts';

describe('a program that starts where something is refused', function () {
  this.timeout(60_000);

  // With 21 there are none for the pipes of the shell that watches signals.
  for (const count of [21, 26]) {
    it(`runs untraced with few descriptors: ${count}`, () => {
      assertSame(process.execPath, {
        before: `ulimit -n ${count}`,
        says: /was not traced: less than 16 file descriptors are left \(ulimit -n\)\.$/m,
      });
    });
  }

  it('runs untraced under the permission model', () => {
    assertSame(process.execPath, {
      flags: [permissionFlag(process.execPath), '--allow-fs-read=/nowhere/*', '--allow-fs-read=program.cjs'],
      says: /was not traced: Node's permission model \(--permission\) keeps the instrument from its files\.$/m,
    });
  });
});
