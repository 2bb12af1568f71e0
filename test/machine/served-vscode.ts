/**
 * A real VS Code for machines without a display: the npm package code-server, which is VS Code's
 * own workbench and extension host behind a local port. It installs without a compiler. On machines
 * with a display, desktop-vscode.ts gets the vendor's build.
 */

import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached } from './cache.ts';
import { nodeFromRegistry } from './node-binaries.ts';
import { npmInstall } from './npm.ts';

export interface ServedVSCode {
  /** The Node that runs it. */
  readonly node: string;
  readonly entry: string;
}

const VERSION = '4.139.1';

export async function servedVSCode(): Promise<ServedVSCode> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `VS Code is served from npm on linux-x64 only; this is ${process.platform}-${process.arch}`,
    );
  }
  const node = await nodeFromRegistry(24);
  const folder = await cached(`code-server-${VERSION}`, async (temporary) => {
    announceInstall(
      `VS Code, from the npm package code-server ${VERSION} (620 MB in the cache, half a minute)`,
    );
    await npmInstall({ folder: temporary, spec: `code-server@${VERSION}`, node });
    const vscode = join(temporary, 'node_modules/code-server/lib/vscode');
    await npmInstall({ folder: vscode, node });
    await npmInstall({ folder: join(vscode, 'extensions'), node });
    // The links that its install script would make.
    link('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'));
    link('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'));
  });
  return { node, entry: join(folder, 'node_modules/code-server/out/node/entry.js') };
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
