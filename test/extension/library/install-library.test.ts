import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  installLibrary,
  isInstalledFor,
  nearestProject,
} from '../../../extension/library/install-library.ts';

const MANIFEST = {
  name: 'simul',
  version: '1.2.3',
  publisher: 'simul',
  main: './dist/extension.cjs',
  exports: {},
};

describe('adding the library to a project', () => {
  let home = '';
  let extension = '';
  let project = '';
  const inProject = (path: string): string => join(project, 'node_modules/simul', path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'simul-add-')));
    [extension, project] = [join(home, 'extension'), join(home, 'project')];
    write(join(extension, 'package.json'), JSON.stringify(MANIFEST));
    for (const name of ['index.js', 'index.js.map', 'trace.js', 'types/tasks/run.d.ts', 'extension.cjs'])
      write(join(extension, 'dist', name), name);
    write(join(project, 'package.json'), '{"name":"mine"}');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('copies the files of the library and says so in one sentence', () => {
    const { done, words } = installLibrary(extension, project);
    assert.equal(done, true);
    assert.match(
      words,
      /^simul 1\.2\.3 was copied from the extension into project\/node_modules\/simul \(4 files\): nothing was downloaded/,
    );
    assert.deepEqual(readdirSync(inProject('dist')).sort(), ['index.js', 'trace.js', 'types']);
    assert.equal(readFileSync(inProject('dist/types/tasks/run.d.ts'), 'utf8'), 'types/tasks/run.d.ts');
    const { main: _, ...kept } = MANIFEST;
    assert.deepEqual(JSON.parse(readFileSync(inProject('package.json'), 'utf8')), kept);
    assert.equal(readFileSync(join(project, 'package.json'), 'utf8'), '{"name":"mine"}');
    assert.deepEqual(readdirSync(join(project, 'node_modules')), ['simul'], 'no unfinished copy is left');
  });

  it('reports the same version as installed, and replaces an older one', () => {
    installLibrary(extension, project);
    assert.deepEqual(installLibrary(extension, project), {
      done: false,
      words: `${inProject('')} holds the library in this version (1.2.3) already.`,
    });
    write(inProject('dist/old.js'), '');
    write(join(extension, 'package.json'), JSON.stringify({ ...MANIFEST, version: '1.3.0' }));
    assert.match(installLibrary(extension, project).words, /^simul 1\.3\.0 .* in place of 1\.2\.3/);
    assert.equal(existsSync(inProject('dist/old.js')), false);
  });

  it('leaves another package of that name as it is', () => {
    write(inProject('package.json'), '{"name":"simul","version":"9.0.0"}');
    const { done, words } = installLibrary(extension, project);
    assert.deepEqual([done, words.includes('another package of that name')], [false, true]);
    assert.deepEqual(readdirSync(inProject('')), ['package.json']);
  });

  it('leaves a linked folder as it is', () => {
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(extension, inProject(''), 'junction');
    assert.match(installLibrary(extension, project).words, /is a link to a folder/);
    assert.ok(existsSync(join(extension, 'dist/extension.cjs')));
  });

  it('says why it could not be copied, and leaves no unfinished copy', () => {
    write(join(project, 'node_modules'), 'a file where the folder should be');
    const { done, words } = installLibrary(extension, project);
    assert.equal(done, false);
    assert.match(words, /^The library could not be copied to .*: /);
  });

  it('finds the nearest project above a file, but none above the open folder', () => {
    write(join(project, 'packages/a/package.json'), '{}');
    write(join(home, 'package.json'), '{}');
    assert.equal(nearestProject(join(project, 'packages/a/src/b.ts'), project), join(project, 'packages/a'));
    assert.equal(nearestProject(join(project, 'src/b.ts'), join(project, 'src')), join(project, 'src'));
  });

  it('knows whether an import in a file resolves', () => {
    const file = join(project, 'src/a.ts');
    assert.equal(isInstalledFor(file), false);
    installLibrary(extension, project);
    assert.equal(isInstalledFor(file), true);
    assert.equal(isInstalledFor(join(extension, 'examples/a.ts')), true, 'in its own project');
  });
});
