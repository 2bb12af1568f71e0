/**
 * Stands for the vendor's Python extension, which cannot be had here: the published interface
 * `environments` (npm: @vscode/python-extension), as far as an extension of others needs it. What
 * was chosen is set by that interface, too.
 */
const { existsSync, statSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

exports.activate = ({ subscriptions }) => {
  // The adapter of the debugger is that of PyPI, in the folder that the tests name.
  subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable('python3', ['-m', 'debugpy.adapter'], {
          env: { ...process.env, PYTHONPATH: process.env.SIMUL_DEBUGPY },
        }),
    }),
  );
  /** By the workspace folder or file that it was chosen for; '': for all. */
  const chosen = new Map();
  const keyOf = (resource) => (resource?.uri ?? resource)?.toString() ?? '';
  const changed = new vscode.EventEmitter();
  const pathOf = (environment) => (typeof environment === 'string' ? environment : environment.path);
  return {
    ready: Promise.resolve(),
    debug: { getRemoteLauncherCommand: async () => [], getDebuggerPackagePath: async () => undefined },
    settings: {
      onDidChangeExecutionDetails: changed.event,
      getExecutionDetails: () => ({ execCommand: undefined }),
    },
    environments: {
      known: [],
      onDidChangeEnvironments: changed.event,
      onDidChangeActiveEnvironmentPath: changed.event,
      onDidEnvironmentVariablesChange: changed.event,
      refreshEnvironments: async () => undefined,
      getEnvironmentVariables: () => ({ ...process.env }),
      getActiveEnvironmentPath: (resource) => {
        const path = chosen.get(keyOf(resource)) ?? chosen.get('');
        // What the vendor's names where nothing was chosen.
        return path === undefined ? { id: 'DEFAULT_PYTHON', path: 'python' } : { id: path, path };
      },
      updateActiveEnvironmentPath: async (environment, resource) => {
        if (environment === undefined) chosen.delete(keyOf(resource));
        else chosen.set(keyOf(resource), pathOf(environment));
      },
      resolveEnvironment: async (environment) => {
        const path = pathOf(environment);
        if (!existsSync(path)) return undefined;
        const isFolder = statSync(path).isDirectory();
        const executable = isFolder ? join(path, 'bin', 'python') : path;
        return {
          id: path,
          path,
          executable: {
            uri: existsSync(executable) ? vscode.Uri.file(executable) : undefined,
            bitness: '64-bit',
            sysPrefix: isFolder ? path : '',
          },
          environment: undefined,
          version: undefined,
          tools: [],
        };
      },
    },
  };
};
