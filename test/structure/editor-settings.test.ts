/** What F5 and the build task name in `.vscode/` is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';

interface Task {
  readonly label: string;
  readonly script?: string;
  readonly dependsOn?: readonly string[];
}
interface Configuration {
  readonly name: string;
  readonly preLaunchTask: string;
  readonly args: readonly string[];
  readonly program?: string;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(tree, path), 'utf8'));
const { tasks } = read('.vscode/tasks.json') as { readonly tasks: readonly Task[] };
const { configurations } = read('.vscode/launch.json') as {
  readonly configurations: readonly Configuration[];
};
const manifest = read('package.json') as {
  readonly main: string;
  readonly scripts: Readonly<Record<string, string>>;
};
const labels = tasks.map(({ label }) => label);

describe("the editor's settings", () => {
  it('have tasks of scripts that there are', () => {
    for (const { label, script, dependsOn = [] } of tasks) {
      if (script !== undefined) assert.ok(script in manifest.scripts, label);
      for (const other of dependsOn) assert.ok(labels.includes(other), label);
    }
  });

  it('build before they start something', () => {
    for (const { name, preLaunchTask } of configurations) assert.ok(labels.includes(preLaunchTask), name);
  });

  it('start files that are there once it is built', () => {
    const test = {
      relativeFileDirname: 'test/structure',
      fileBasenameNoExtension: 'editor-settings.test',
    };
    const there = (text: string): string => {
      const variables: Readonly<Record<string, string>> = { workspaceFolder: tree, ...test };
      return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => variables[name]!);
    };
    const paths = configurations
      .flatMap(({ args, program }) => (program === undefined ? args : [...args, program]))
      .map((text) => text.replace('--extensionDevelopmentPath=', ''))
      .filter((text) => text.startsWith('${workspaceFolder}'))
      .map(there);
    assert.deepEqual(
      [...paths, join(tree, manifest.main)].filter((path) => !existsSync(path)),
      [],
    );
    assert.equal(paths.length, 4);
  });
});
