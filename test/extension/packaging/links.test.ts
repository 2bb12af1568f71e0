import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { placeholderWarning, withLinks, type Manifest } from '../../../extension/packaging/links.ts';
import { tree } from '../../machine/tree.ts';

const naming = (url: string): Manifest => ({ repository: { type: 'git', url } });

describe('the links of what ships', () => {
  it('are made from the repository, and the rest of the manifest stays', () => {
    const manifest = { name: 'simul', ...naming('https://github.com/somebody/simul.git') };
    assert.deepEqual(withLinks(manifest), {
      ...manifest,
      bugs: { url: 'https://github.com/somebody/simul/issues' },
      homepage: 'https://github.com/somebody/simul#readme',
    });
    const { homepage } = withLinks(naming('git+https://github.com/somebody/simul.git'));
    assert.equal(homepage, 'https://github.com/somebody/simul#readme');
  });

  it('are called a placeholder in one sentence as long as the repository is one', () => {
    assert.equal(
      placeholderWarning(naming('https://github.com/OWNER/simul.git')),
      'The repository in package.json, https://github.com/OWNER/simul, is a placeholder: ' +
        'the links of this package lead nowhere until it names the real one.',
    );
    assert.equal(placeholderWarning(naming('https://github.com/somebody/simul.git')), undefined);
  });

  it('are refused for a repository of another form', () => {
    assert.throws(() => withLinks(naming('somebody/simul')), {
      message:
        '"repository" in package.json is expected as https://HOST/OWNER/NAME.git, and is "somebody/simul"',
    });
  });

  it('can be made from our package.json, which leaves them to this', () => {
    const manifest = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as Manifest;
    assert.doesNotThrow(() => withLinks(manifest));
    assert.equal('bugs' in manifest || 'homepage' in manifest, false);
  });
});
