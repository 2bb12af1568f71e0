/**
 * A real VS Code for machines without a display: the npm package code-server, which is VS Code's
 * own workbench and extension host behind a local port. Nothing of it needs a compiler.
 * (Where there is a display, desktop-vscode.ts takes the vendor's build.)
 */

import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { announce, cached } from './cache.ts';
import { fromRegistry } from './node.ts';
import { npmInstall } from './npm.ts';

export interface ServedVSCode {
  /** The Node that runs it. */
  readonly node: string;
  readonly entry: string;
}

const version = '4.139.1';

export async function servedVSCode(): Promise<ServedVSCode> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `VS Code is served from npm on linux-x64 only; this is ${process.platform}-${process.arch}`,
    );
  }
  const node = await fromRegistry(24);
  const folder = await cached(`code-server-${version}`, async (making) => {
    announce(`VS Code, from the npm package code-server ${version} (620 MB in the cache, half a minute)`);
    await npmInstall({ folder: making, spec: `code-server@${version}`, node });
    const vscode = join(making, 'node_modules/code-server/lib/vscode');
    await npmInstall({ folder: vscode, node });
    await npmInstall({ folder: join(vscode, 'extensions'), node });
    // What its install script would have linked.
    link('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'));
    link('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'));
  });
  return { node, entry: join(folder, 'node_modules/code-server/out/node/entry.js') };
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
