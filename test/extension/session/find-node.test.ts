import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findNode } from '../../../extension/session/find-node.ts';

describe('the Node that runs the program', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-node-'));
    for (const name of ['good', 'empty']) mkdirSync(join(folder, name));
    symlinkSync(process.execPath, join(folder, 'good/node'));
    writeFakeNode('old', 'echo v18.20.4');
    writeFakeNode('odd', 'echo hello');
  });
  after(() => rmSync(folder, { recursive: true }));

  function writeFakeNode(name: string, line: string): void {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'node'), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, name, 'node'), 0o755);
  }
  const found = async (path: readonly string[], setting = ''): Promise<string> => {
    const env = {
      PATH: path.map((name) => (name.startsWith('.') ? name : join(folder, name))).join(delimiter),
    };
    const node = await findNode({ setting, env, platform: process.platform });
    return (node.found ? `${node.path} ${node.version}` : node.words).replaceAll(folder, '…');
  };

  it('is the first on the PATH', async () => {
    assert.equal(await found(['empty', 'good', 'old']), `…/good/node ${process.version}`);
  });

  it('is the one that the setting names, before any on the PATH', async () => {
    assert.equal(await found(['old'], join(folder, 'good/node')), `…/good/node ${process.version}`);
  });

  it('is refused when it is too old', async () => {
    assert.match(
      await found(['old']),
      /^Simul needs Node 20 or newer to trace your program; …\/old\/node is v18\.20\.4\./,
    );
  });

  it('is refused when it does not answer like Node', async () => {
    assert.equal(await found(['odd']), '…/odd/node does not answer like Node when asked for its version.');
    assert.match(await found([], join(folder, 'nowhere')), /nowhere does not answer like Node/);
  });

  it('is reported missing in one sentence that says what to do', async () => {
    assert.match(
      await found(['empty']),
      /no node is on the PATH\. Install Node 20 or newer, or set simul\.nodePath\./,
    );
  });

  it('is never taken from a relative folder on the PATH', async () => {
    assert.match(await found(['.', './good']), /no node is on the PATH/);
    assert.equal(
      await found(['good'], 'node'),
      'The setting simul.nodePath must be an absolute path; it is "node".',
    );
  });
});
