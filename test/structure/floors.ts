/**
 * The floors of the house: what each room may import, besides itself. The table begins with the
 * lowest floor: a room imports only rooms that come before it here, which a test holds.
 * Every folder with code in it has a row. What a room may ask of Node or of a package is held by
 * `no-restricted-imports` in .oxlintrc.json, as the linter says it while one types.
 */
export interface Floor {
  /** A folder; its files, and with `withFolders` those of the folders in it without a row. */
  readonly room: string;
  readonly withFolders?: true;
  /** Rooms; `a/**` is `a` with all rooms within it. */
  readonly imports: readonly string[];
}

export const floors: readonly Floor[] = [
  // The trace, the leaf.
  { room: 'runtime/trace/format', imports: [] },
  { room: 'runtime/trace/messages', imports: [] },
  { room: 'runtime/trace/model', imports: ['runtime/trace/format'] },
  { room: 'runtime/trace/words', imports: ['runtime/trace/format', 'runtime/trace/model'] },
  { room: 'runtime/trace/fold', imports: ['runtime/trace/format', 'runtime/trace/model'] },
  {
    room: 'runtime/trace/summaries',
    imports: ['runtime/trace/format', 'runtime/trace/model', 'runtime/trace/fold'],
  },
  {
    room: 'runtime/trace/columns',
    imports: ['runtime/trace/format', 'runtime/trace/model', 'runtime/trace/fold'],
  },
  {
    room: 'runtime/trace/findings',
    imports: ['runtime/trace/format', 'runtime/trace/model', 'runtime/trace/fold', 'runtime/trace/words'],
  },
  {
    room: 'runtime/trace/graph',
    imports: ['runtime/trace/format', 'runtime/trace/model', 'runtime/trace/fold'],
  },
  {
    room: 'runtime/trace/queries',
    imports: [
      ...['format', 'messages', 'model', 'words', 'fold', 'summaries', 'columns', 'findings', 'graph'].map(
        (room) => `runtime/trace/${room}`,
      ),
    ],
  },

  // Replays a recording in an editor's debugger.
  { room: 'runtime/debug', imports: ['runtime/trace/**'] },

  { room: 'runtime/recorder', imports: ['runtime/trace/format'] },

  // The agent for Node.
  { room: 'runtime/agent/node/builtins', imports: [] },
  { room: 'runtime/agent/node/contract', imports: ['runtime/agent/node/builtins'] },
  {
    room: 'runtime/agent/node/state',
    imports: ['runtime/trace/format', 'runtime/recorder', 'runtime/agent/node/contract'],
  },
  {
    room: 'runtime/agent/node/instrument',
    imports: ['runtime/trace/format', 'runtime/agent/node/contract'],
  },
  {
    room: 'runtime/agent/node/stack',
    imports: [
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/contract',
      'runtime/agent/node/state',
      'runtime/agent/node/instrument',
    ],
  },
  {
    room: 'runtime/agent/node/errors',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/stack',
    ],
  },
  {
    room: 'runtime/agent/node/peers',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/errors',
    ],
  },
  {
    room: 'runtime/agent/node/stops',
    imports: ['runtime/trace/format', 'runtime/recorder', 'runtime/agent/node/state'],
  },
  {
    room: 'runtime/agent/node/holds',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/contract',
      'runtime/agent/node/state',
      'runtime/agent/node/stack',
      'runtime/agent/node/errors',
    ],
  },
  {
    room: 'runtime/agent/node/promises',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
    ],
  },
  {
    room: 'runtime/agent/node/probes',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/contract',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/stack',
      'runtime/agent/node/errors',
      'runtime/agent/node/promises',
    ],
  },
  {
    room: 'runtime/agent/node/patches',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/stack',
      'runtime/agent/node/errors',
      'runtime/agent/node/promises',
      'runtime/agent/node/probes',
    ],
  },
  {
    room: 'runtime/agent/node/handles',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/errors',
      'runtime/agent/node/stack',
    ],
  },
  {
    room: 'runtime/agent/node/connections',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/stack',
      'runtime/agent/node/errors',
      'runtime/agent/node/handles',
    ],
  },
  {
    room: 'runtime/agent/node/queues',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/stack',
      'runtime/agent/node/errors',
      'runtime/agent/node/handles',
    ],
  },
  {
    room: 'runtime/agent/node/loader',
    imports: [
      'runtime/recorder',
      'runtime/agent/node/builtins',
      'runtime/agent/node/contract',
      'runtime/agent/node/instrument',
      'runtime/agent/node/stack',
    ],
  },
  // Looks whether the agent can run, before any of it is loaded.
  { room: 'runtime/agent/node/preload', imports: ['runtime/trace/format', 'runtime/recorder'] },
  {
    room: 'runtime/agent/node/lifecycle',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/agent/node/contract',
      'runtime/agent/node/builtins',
      'runtime/agent/node/state',
      'runtime/agent/node/errors',
      'runtime/agent/node/promises',
      'runtime/agent/node/patches',
      'runtime/agent/node/probes',
      'runtime/agent/node/loader',
      'runtime/agent/node/preload',
    ],
  },
  // What the program's process and the loader's thread start with.
  {
    room: 'runtime/agent/node',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      ...[
        'builtins',
        'contract',
        'state',
        'instrument',
        'stack',
        'errors',
        'holds',
        'stops',
        'peers',
        'promises',
        'patches',
        'handles',
        'connections',
        'queues',
        'probes',
        'loader',
        'lifecycle',
      ].map((room) => `runtime/agent/node/${room}`),
    ],
  },

  // The library.
  { room: 'runtime/tasks/core', imports: ['runtime/trace/format', 'runtime/recorder'] },
  { room: 'runtime/tasks/time', imports: ['runtime/trace/format', 'runtime/tasks/core'] },
  {
    room: 'runtime/tasks/combinators',
    imports: ['runtime/trace/format', 'runtime/tasks/core', 'runtime/tasks/time'],
  },
  {
    room: 'runtime/tasks/run',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/tasks/core',
      'runtime/tasks/time',
      'runtime/tasks/combinators',
    ],
  },
  { room: 'runtime/sync', imports: ['runtime/trace/format', 'runtime/tasks/**'] },
  { room: 'runtime/parallel/core', imports: ['runtime/tasks/**'] },
  { room: 'runtime/parallel/functions', imports: ['runtime/recorder', 'runtime/tasks/**'] },
  {
    room: 'runtime/parallel/shared',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/tasks/**',
      'runtime/sync',
      'runtime/parallel/core',
    ],
  },
  {
    room: 'runtime/parallel/transport',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/tasks/**',
      'runtime/sync',
      'runtime/parallel/functions',
      'runtime/parallel/shared',
    ],
  },
  {
    room: 'runtime/parallel/worker',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/tasks/**',
      'runtime/parallel/functions',
      'runtime/parallel/shared',
      'runtime/parallel/transport',
    ],
  },
  {
    room: 'runtime/parallel/body',
    imports: [
      'runtime/trace/format',
      'runtime/tasks/**',
      'runtime/sync',
      'runtime/parallel/core',
      'runtime/parallel/functions',
      'runtime/parallel/shared',
      'runtime/parallel/transport',
    ],
  },
  {
    room: 'runtime/parallel/pool',
    imports: [
      'runtime/trace/format',
      'runtime/tasks/**',
      'runtime/sync',
      'runtime/parallel/core',
      'runtime/parallel/functions',
      'runtime/parallel/shared',
      'runtime/parallel/transport',
    ],
  },
  // The entry of a worker.
  { room: 'runtime/parallel', imports: ['runtime/parallel/worker'] },
  { room: 'runtime/parallel/frames', imports: ['runtime/tasks/**', 'runtime/parallel/**'] },
  {
    room: 'runtime/jobs',
    imports: [
      'runtime/trace/format',
      'runtime/recorder',
      'runtime/tasks/**',
      'runtime/sync',
      'runtime/parallel/**',
    ],
  },
  // Its front door.
  { room: 'runtime', imports: ['runtime/tasks/**', 'runtime/sync', 'runtime/parallel/**'] },

  // The launcher and the command line.
  // It ends the part of a killed program.
  {
    room: 'runtime/launch',
    withFolders: true,
    imports: ['runtime/trace/**', 'runtime/debug', 'runtime/recorder'],
  },

  // The extension.
  { room: 'extension/library', imports: [] },
  { room: 'extension/packaging', imports: [] },
  { room: 'extension/typescript-plugin', imports: [] },
  // A fix stands where the loader's parser says; the loader's other parts are not used.
  {
    room: 'extension/server/fixes',
    imports: ['runtime/trace/**', 'runtime/agent/node/instrument', 'runtime/agent/node/loader'],
  },
  {
    room: 'extension/server',
    imports: ['runtime/trace/**', 'runtime/launch/**', 'extension/server/fixes'],
  },
  { room: 'extension/language-client', imports: ['runtime/trace/**'] },
  { room: 'extension/panel', imports: ['runtime/trace/**', 'runtime/launch/**'] },
  // In a browser: no Node, so nothing of runtime/launch.
  { room: 'extension/web', imports: ['runtime/trace/**', 'extension/panel'] },
  { room: 'extension/session', imports: ['runtime/trace/**', 'runtime/launch/**', 'extension/panel'] },
  { room: 'extension/debug', imports: ['runtime/trace/**', 'runtime/launch/**', 'extension/session'] },
  {
    room: 'extension/views',
    imports: [
      'runtime/trace/**',
      'runtime/launch/**',
      'extension/debug',
      'extension/language-client',
      'extension/panel',
    ],
  },
  {
    room: 'extension/commands',
    imports: [
      'runtime/trace/**',
      'runtime/launch/**',
      'extension/debug',
      'extension/language-client',
      'extension/library',
      'extension/panel',
      'extension/session',
      'extension/views',
    ],
  },
  {
    room: 'extension',
    imports: [
      'runtime/trace/**',
      'runtime/launch/**',
      'extension/debug',
      'extension/language-client',
      'extension/library',
      'extension/panel',
      'extension/session',
      'extension/views',
      'extension/commands',
    ],
  },

  // The panel: the page knows the worker by its messages alone.
  { room: 'media', imports: ['runtime/trace/**'] },
  { room: 'media/worker/session', imports: ['runtime/trace/**', 'media'] },
  { room: 'media/worker/words', imports: ['runtime/trace/**', 'media', 'media/worker/session'] },
  { room: 'media/worker/picture', imports: ['runtime/trace/**', 'media', 'media/worker/session'] },
  {
    room: 'media/worker/layers',
    imports: ['runtime/trace/**', 'media', 'media/worker/session', 'media/worker/words'],
  },
  {
    room: 'media/worker',
    imports: [
      'runtime/trace/**',
      'media',
      'media/worker/session',
      'media/worker/words',
      'media/worker/picture',
      'media/worker/layers',
    ],
  },
  { room: 'media/graph', imports: [] },
  { room: 'media/report', imports: ['runtime/trace/**'] },
  { room: 'media/page', imports: ['runtime/trace/**', 'media', 'media/graph'] },

  // What does not ship with the program's code: the build, the examples, the tests, the figures.
  // The build and the settings of tools.
  { room: '.', imports: ['extension/packaging'] },
  { room: 'examples', withFolders: true, imports: [] },
  { room: 'test', withFolders: true, imports: ['runtime/**', 'extension/**', 'media/**'] },
  { room: 'bench', withFolders: true, imports: ['runtime/**', 'extension/**', 'media/**', 'test'] },
];
