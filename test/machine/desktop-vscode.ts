/**
 * The vendor's VS Code, where this machine can show one: a display, or xvfb to stand for it.
 * Downloaded by @vscode/test-electron into the cache. Says why when it cannot be had, at once.
 */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { announce, cacheFolder } from './cache.ts';
import { runCommand } from './command.ts';
import { findProgram } from './find-program.ts';
import { reachable } from './reachable.ts';
import { existsSync } from 'node:fs';

export type Desktop =
  | {
      readonly found: true;
      readonly executable: string;
      /** Unpacks a .vsix into a folder of extensions. */
      install(vsix: string, extensionsFolder: string): Promise<void>;
    }
  | { readonly found: false; readonly why: string };

const version = '1.139.1';
const folder = join(cacheFolder, 'vscode-desktop');

export async function desktopVSCode(): Promise<Desktop> {
  const xvfb = findProgram(['xvfb-run']);
  if (!hasDisplay() && xvfb === undefined)
    return { found: false, why: 'there is neither a display nor xvfb-run' };
  const there = existsSync(
    join(folder, `vscode-${process.platform}-${process.arch}-${version}`, 'is-complete'),
  );
  if (!there) {
    const host = 'update.code.visualstudio.com';
    const why = await reachable(host);
    if (why !== undefined) return { found: false, why: `${host} ${why}` };
    announce(`VS Code ${version}, downloaded by @vscode/test-electron into ${folder} (about 400 MB)`);
  }
  mkdirSync(folder, { recursive: true });
  let code: string;
  try {
    code = await downloadAndUnzipVSCode({ version, cachePath: folder });
  } catch (error) {
    return { found: false, why: `its download failed: ${String(error)}` };
  }
  return {
    found: true,
    executable: hasDisplay() || xvfb === undefined ? code : underXvfb(xvfb, code),
    install: async (vsix, extensionsFolder) => {
      const [file = code, ...args] = resolveCliArgsFromVSCodeExecutablePath(code, {
        reuseMachineInstall: true,
      });
      const ended = await runCommand({
        file,
        args: [...args, '--install-extension', vsix, '--force', '--extensions-dir', extensionsFolder],
        // Its own script refuses to run as root without a profile named.
        env: { ...process.env, DONT_PROMPT_WSL_INSTALL: '1' },
        boundMs: 120_000,
        output: 'keep',
      });
      if (!ended.ok) throw new Error(`${vsix} could not be installed, ${ended.how}:\n${ended.output.trim()}`);
    },
  };
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** test-electron starts one file: a script that starts VS Code under a display of its own. */
function underXvfb(xvfb: string, code: string): string {
  const script = join(folder, 'code-under-xvfb.sh');
  writeFileSync(script, `#!/bin/sh\nexec '${xvfb}' -a '${code}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
