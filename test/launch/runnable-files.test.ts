import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { fileScope } from '../../runtime/agent/node/loader/file-scope.ts';
import {
  isRunnableFile,
  isTraceableFile,
  PYTHON_EXTENSIONS,
  RUNNABLE_EXTENSIONS,
} from '../../runtime/launch/runnable-files.ts';
import { tree } from '../machine/tree.ts';

/** Extensions near the ones that run: each must be refused wherever a runnable one is accepted. */
const OTHERS = ['.json', '.d', '.py', '.mtsx', '.cjsx', '.tss', '.sj', ''];

describe('the list of runnable files', () => {
  it('accepts a path or a URI with one of its extensions, and no other', () => {
    for (const extension of RUNNABLE_EXTENSIONS) {
      assert.equal(isRunnableFile(`/work/a${extension}`), true, extension);
      assert.equal(isRunnableFile(`file:///work/a%20b${extension}`), true, extension);
    }
    for (const extension of OTHERS) assert.equal(isRunnableFile(`/work/a${extension}`), false, extension);
  });

  it('has those that Python runs beside it', () => {
    for (const extension of PYTHON_EXTENSIONS) {
      assert.equal(isTraceableFile(`file:///work/a${extension}`), true, extension);
      assert.equal(isRunnableFile(`/work/a${extension}`), false, extension);
    }
    for (const extension of [...RUNNABLE_EXTENSIONS, ...OTHERS])
      assert.equal(
        isTraceableFile(`/work/a${extension}`),
        extension === '.py' || !OTHERS.includes(extension),
      );
  });

  it('is the one in every clause of the manifest that asks for an extension', () => {
    const manifest = readFileSync(join(tree, 'package.json'), 'utf8');
    const clauses = [...manifest.matchAll(/resourceExtname =~ \/(.*?)\/(?= )/g)];
    assert.equal(clauses.length, manifest.split('resourceExtname').length - 1);
    assert.notEqual(clauses.length, 0);
    for (const [, pattern] of clauses) {
      const accepts = new RegExp(JSON.parse(`"${pattern}"`) as string);
      for (const extension of RUNNABLE_EXTENSIONS) assert.match(extension, accepts);
      for (const extension of PYTHON_EXTENSIONS) assert.match(extension, accepts);
      for (const extension of OTHERS.filter((other) => !PYTHON_EXTENSIONS.includes(other)))
        assert.doesNotMatch(extension, accepts);
    }
  });

  it('is what the agent instruments, beside programs without an extension', () => {
    const isInScope = fileScope({});
    for (const extension of [...RUNNABLE_EXTENSIONS, '']) {
      assert.equal(isInScope(`/work/a${extension}`), true, extension);
    }
    for (const extension of OTHERS.filter((other) => other !== '')) {
      assert.equal(isInScope(`/work/a${extension}`), false, extension);
    }
  });
});
