/**
 * Starts the served VS Code on a free loopback port with a profile of its own, and kills it with
 * everything it started. It reads none of the user's settings or extensions.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { runCommand } from '../machine/run-command.ts';
import { killTree } from '../machine/kill-tree.ts';
import type { ServedVSCode } from '../machine/served-vscode.ts';

export interface Served {
  readonly url: string;
  readonly port: number;
  /** The end of the server's output: the first place to look when a page does not load. */
  readonly log: () => string;
  readonly stop: () => void;
}

export interface ServeOptions {
  readonly vscode: ServedVSCode;
  /** The installed extensions; with an empty folder there are only the built-in ones. */
  readonly extensionsFolder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Opens folders in Restricted Mode, as not trusted, without asking. */
  readonly restricted?: boolean;
  /** Enables the workbench's test driver, which mocha in the extension host needs. */
  readonly automation?: boolean;
}

/** Turns off what asks, updates, sends telemetry or moves on the screen. */
const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'window.menuBarVisibility': 'classic',
};

const RESTRICTED_SETTINGS: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

const MAX_START_MS = 60_000;

export async function serveVSCode(options: ServeOptions): Promise<Served> {
  const { vscode } = options;
  const home = mkdtempSync(join(tmpdir(), 'simul-vscode-'));
  const userData = join(home, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(
    join(userData, 'User/settings.json'),
    JSON.stringify(
      { ...QUIET_SETTINGS, ...(options.restricted ? RESTRICTED_SETTINGS : {}), ...options.settings },
      null,
      2,
    ),
  );
  const port = options.port ?? (await freePort());
  const child = spawn(
    vscode.node,
    [
      vscode.entry,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check'],
      ...(options.restricted ? [] : ['--disable-workspace-trust']),
      ...['--disable-getting-started-override', '--ignore-last-opened'],
      ...['--user-data-dir', userData, '--extensions-dir', options.extensionsFolder],
      ...['--config', join(home, 'config.yaml')],
      ...(options.automation ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env: serverEnvironment(vscode, home, options.env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  const appendLog = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-64 * 1024);
  };
  child.stdout.on('data', appendLog);
  child.stderr.on('data', appendLog);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= `it ended with ${signal ?? code}`));

  const stop = (): void => {
    process.removeListener('exit', stop);
    killTree(child.pid);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.on('exit', stop);

  const deadline = performance.now() + MAX_START_MS;
  while (!(await isHealthy(port))) {
    if (ended !== undefined || performance.now() > deadline) {
      stop();
      throw new Error(
        `VS Code's server did not come up: ${ended ?? `no answer in ${MAX_START_MS / 1000} s`}\n${log}`,
      );
    }
    await after(100);
  }
  return { url: `http://127.0.0.1:${port}/`, port, log: () => log, stop };
}

/** Installs a .vsix into a folder of extensions. */
export async function installExtension(
  vscode: ServedVSCode,
  vsix: string,
  extensionsFolder: string,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'simul-vscode-install-'));
  try {
    const ended = await runCommand({
      file: vscode.node,
      args: [
        vscode.entry,
        ...['--install-extension', vsix, '--force', '--extensions-dir', extensionsFolder],
        ...['--user-data-dir', join(home, 'user-data'), '--config', join(home, 'config.yaml')],
      ],
      env: serverEnvironment(vscode, home),
      boundMs: 60_000,
      output: 'keep',
    });
    if (!ended.ok)
      throw new Error(`${vsix} could not be installed, ${ended.outcome}:\n${ended.output.trim()}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Without the variables of an outer VS Code or npm, and with folders that are not the user's. */
function serverEnvironment(
  vscode: ServedVSCode,
  home: string,
  extra?: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^(VSCODE_|ELECTRON_|CODE_SERVER|npm_)/.test(name)) delete env[name];
  delete env['PORT'];
  return {
    ...env,
    // The served VS Code's own Node comes last: traced programs run with the user's Node.
    PATH: `${env['PATH'] ?? ''}${delimiter}${dirname(vscode.node)}`,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    ...extra,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
