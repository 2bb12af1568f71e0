import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describePackage } from '../../../extension/packaging/describe-package.ts';

describe('the last sentence of packaging', () => {
  it('says what was made, for whom, and how to install it', () => {
    assert.equal(
      describePackage('/work/simul-0.1.0.vsix', 3_355_443, undefined, '/work'),
      'Made simul-0.1.0.vsix, the VS Code extension for any platform (3.2 MiB). Install it with ' +
        '`code --install-extension simul-0.1.0.vsix`, or in VS Code by "Extensions: Install from VSIX…".',
    );
    assert.match(
      describePackage('/a b/s.vsix', 1, 'linux-x64', '/work'),
      /^Made \/a b\/s\.vsix, .* for linux-x64 .* `code --install-extension "\/a b\/s\.vsix"`/,
    );
  });
});
