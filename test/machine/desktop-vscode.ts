/**
 * The vendor's VS Code, for machines that have a display or xvfb. @vscode/test-electron downloads
 * it into the cache. Where it cannot be used, the reason is returned at once.
 */

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { announceInstall, cacheFolder } from './cache.ts';
import { runCommand } from './run-command.ts';
import { findProgram } from './find-program.ts';
import { whyUnreachable } from './why-unreachable.ts';

export type Desktop =
  | {
      readonly found: true;
      readonly executable: string;
      /** Unpacks a .vsix into a folder of extensions. */
      install(vsix: string, extensionsFolder: string): Promise<void>;
    }
  | { readonly found: false; readonly reason: string };

const VERSION = '1.139.1';
const folder = join(cacheFolder, 'vscode-desktop');

export async function desktopVSCode(): Promise<Desktop> {
  const xvfb = findProgram(['xvfb-run']);
  if (!hasDisplay() && xvfb === undefined)
    return { found: false, reason: 'there is neither a display nor xvfb-run' };
  const isDownloaded = existsSync(
    join(folder, `vscode-${process.platform}-${process.arch}-${VERSION}`, 'is-complete'),
  );
  if (!isDownloaded) {
    const host = 'update.code.visualstudio.com';
    const reason = await whyUnreachable(host);
    if (reason !== undefined) return { found: false, reason: `${host} ${reason}` };
    announceInstall(`VS Code ${VERSION}, downloaded by @vscode/test-electron into ${folder} (about 400 MB)`);
  }
  mkdirSync(folder, { recursive: true });
  let code: string;
  try {
    code = await downloadAndUnzipVSCode({ version: VERSION, cachePath: folder });
  } catch (error) {
    return { found: false, reason: `its download failed: ${String(error)}` };
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
        // Without this variable VS Code's script asks a question under WSL and waits.
        env: { ...process.env, DONT_PROMPT_WSL_INSTALL: '1' },
        boundMs: 120_000,
        output: 'keep',
      });
      if (!ended.ok)
        throw new Error(`${vsix} could not be installed, ${ended.outcome}:\n${ended.output.trim()}`);
    },
  };
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** test-electron starts one file, so it gets a script that starts VS Code under xvfb. */
function underXvfb(xvfb: string, code: string): string {
  const script = join(folder, 'code-under-xvfb.sh');
  writeFileSync(script, `#!/bin/sh\nexec '${xvfb}' -a '${code}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
