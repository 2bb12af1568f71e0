import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(join(tree, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const packages = Object.entries(lock.packages);

  /**
   * npm leaves a package's builds for other platforms out when it writes the lock file beside an
   * installed node_modules. The next `npm install` then changes the file, and `npm ci` refuses it.
   * To mend it, delete the package's entries and node_modules, and install anew.
   */
  it('holds every package that another one needs, on any platform', () => {
    const missing = packages.flatMap(([place, entry]) =>
      Object.keys({
        ...entry.dependencies,
        ...entry.devDependencies,
        ...entry.optionalDependencies,
      })
        .filter((name) => !isFoundFrom(place, name))
        .map((name) => `${place} needs ${name}`),
    );
    assert.deepEqual(missing, []);
  });

  it('names no registry', () => {
    assert.deepEqual(
      packages.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place),
      [],
    );
  });

  /** As Node looks a package up: in the node_modules of each folder on the way to the root. */
  function isFoundFrom(place: string, name: string): boolean {
    for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
      const here = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      if (here in lock.packages) return true;
      if (folder === '') return false;
    }
  }
});
