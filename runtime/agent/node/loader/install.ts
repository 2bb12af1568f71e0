/**
 * Puts the loader into this process, before the program's first module. The agent calls it once per
 * thread. It takes what V8 is about to get, after every hook of the program's:
 *
 *   Node 22.15+, 24, 26   load hooks on this thread, for `import` and `require`
 *   Node 20, early 22     Node's own reads of ES modules; `Module.prototype._compile`
 *   every Node            `_compile`, where a `require` hook of the program's changes a text later
 *
 * Hooks on a thread of their own are a last resort: they cost tens of milliseconds. They are needed
 * where the program registers such hooks itself, and on older Nodes to resolve what Node does not
 * (TypeScript's imports, the library).
 */
import module, { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import threads from 'node:worker_threads';
import { publishProbes } from '../contract/publish-probes.ts';
import { type MappedLines } from '../instrument/source-map.ts';
import { fileOfFrame } from '../stack/frame-file.ts';
import { installListedCallSites } from '../stack/listed-call-sites.ts';
import { type ShowUserLines, userLines } from '../stack/uncaught-excerpt.ts';
import { installUserPositions, watchFormatterOf } from '../stack/user-positions.ts';
import { CommonJsHooks } from './commonjs-hooks.ts';
import { installEsmReads } from './esm-reads.ts';
import { fileScope } from './file-scope.ts';
import { hasLoaderOption, HooksTurns } from './hooks-turns.ts';
import { bundledLibrary, namesLibrary } from './library.ts';
import { noteNamedModules } from './named-modules.ts';
import { ModuleTexts } from './module-text.ts';
import { type FileReport, type LoaderOptions, type OnFile } from './options.ts';
import { createSyncHooks, type RegisterHooks } from './sync-hooks.ts';
import { Translator } from './translate.ts';
import { installVmHooks } from './vm-hooks.ts';
import { watchHiddenCode } from './hidden-code.ts';
import { watchRegistrations } from './watch-registrations.ts';

export interface Loader {
  /** Removes the hooks, where Node allows it. Files already loaded stay as they are. */
  uninstall(): void;
  /** From the text that runs to the file on disk; null for a file that runs as it is. */
  positionsOf(path: string): MappedLines | null;
  /** Whether Node itself maps what runs for a file. */
  isMappedByNode(path: string): boolean;
  /** Paths of the instrumented files that this thread knows of. */
  files(): Iterable<string>;
  /** Takes the reports of the hooks thread so far, without waiting for the loop to turn. */
  catchUp(): void;
  /** Node is about to print a line of source: it is to be the user's. */
  readonly showUserLines: ShowUserLines;
  /** When the hooks thread answered last, ns, monotonic; 0: it never did, or there is none. */
  answeredNs(): bigint;
}

/**
 * @param onFile called for every file that was instrumented or left alone; for those of the hooks
 *   thread with a small delay, see `catchUp`
 * @returns what removes it all. On Node's own hooks thread, where no code of the user's runs,
 *   nothing is installed.
 */
export function installLoader(options: LoaderOptions, onFile: OnFile = () => {}): Loader {
  if (isHooksThread()) {
    return {
      uninstall: () => {},
      positionsOf: () => null,
      isMappedByNode: () => false,
      files: () => [],
      catchUp: () => {},
      showUserLines: () => {},
      answeredNs: () => 0n,
    };
  }
  const agentFolder = fileURLToPath(options.agentUrl);
  const { libraryUrl } = options;
  const excluded = libraryUrl === undefined ? [agentFolder] : [agentFolder, fileURLToPath(libraryUrl)];
  const scoped: LoaderOptions = { ...options, exclude: [...(options.exclude ?? []), ...excluded] };
  const hooks = installHooks(scoped, onFile);
  const agentFolders = [agentFolder, fileURLToPath(new URL('.', import.meta.url))];
  const undo = [
    installUserPositions(hooks.positionsOf, hooks.isMappedByNode, agentFolders),
    installListedCallSites(hooks.positionsOf, (name) => {
      const path = fileOfFrame(name);
      return path !== null && agentFolders.some((folder) => path.startsWith(folder));
    }),
    hooks.uninstall,
  ];
  syncBuiltinESMExports();
  return { ...hooks, uninstall: () => undo.forEach((restore) => restore()) };
}

function installHooks(options: LoaderOptions, onFile: OnFile): Loader {
  const compiles = options.compiles === true;
  const scope = fileScope(options);
  const library = bundledLibrary(options);
  const translator = new Translator(options, (file) => onFile(file, 'here'));
  const turns = new HooksTurns(options, (file: FileReport) => {
    translator.adopt(file);
    onFile(file, 'elsewhere');
  });
  const registerHooks = (module as unknown as { registerHooks?: RegisterHooks }).registerHooks;
  let hasLoadHooks = registerHooks !== undefined && !hasLoaderOption();
  const commonJs = new CommonJsHooks({
    translator,
    scope,
    library,
    compiles,
    hasLoadHooks,
    onLibraryNamed: resolveLibrary,
  });
  const onImportedCommonJs = areExclusive() || !hasLoadHooks ? () => commonJs.patchCompile() : null;
  const texts = new ModuleTexts({ translator, scope, compiles, onImportedCommonJs });
  const syncHooks = createSyncHooks({
    texts,
    commonJs,
    scope,
    library,
    compiles,
    onLibraryNamed: resolveLibrary,
  });
  let isResolving = compiles || options.isLibraryHidden === true;
  let registered = hasLoadHooks ? register() : null;
  const undoReads = hasLoadHooks ? () => {} : installEsmReads(translator, scope, resolveLibrary);
  if (!hasLoadHooks && (compiles || hasLoaderOption())) turns.goOutermost();

  /**
   * A hook that resolves stands in the stacks of imports that fail, where Node's own frames would
   * be. It is registered when there is something to resolve.
   */
  function register(): { deregister(): void } {
    const { resolve, load } = syncHooks;
    return registerHooks!(isResolving ? { resolve, load } : { load });
  }

  /** A text names the library: from here on its imports are resolved. */
  function resolveLibrary(): void {
    if (!library.isBundled) return;
    if (hasLoadHooks) {
      if (isResolving || registered === null) return;
      isResolving = true;
      registered.deregister();
      registered = register();
    } else if (!turns.areRegistered) turns.goOutermost();
  }

  const stopWatchingCode = watchHiddenCode((code) => {
    noteNamedModules(code);
    if (namesLibrary(code)) resolveLibrary();
  });
  let isCodeReported = false;
  /**
   * `node -e`, `-p`, standard input and workers made from a text: Node compiles that code where no
   * hook is asked.
   */
  function reportCommandLineCode(): void {
    const code = (process as { readonly _eval?: unknown })._eval;
    if (isCodeReported || typeof code !== 'string') return;
    isCodeReported = true;
    // A worker from a file finds the command line's code here, too.
    const why = 'Node compiles the code of a command line, and of a worker made from a text, by itself';
    translator.reportUnreached('[eval]', code, why);
  }

  /** The program registers hooks of one kind or the other; ours are the last again afterwards. */
  const stopWatching = watchRegistrations((by, registerTheirs) => {
    if (by === 'registerHooks') {
      const result = registerTheirs();
      if (registered !== null) {
        registered.deregister();
        registered = register();
      }
      return result;
    }
    if (hasLoadHooks && !areExclusive()) return registerTheirs();
    registered?.deregister();
    registered = null;
    hasLoadHooks = false;
    commonJs.doWithoutLoadHooks();
    if (!turns.areRegistered) turns.goOutermost();
    const result = turns.whileRegistering(registerTheirs);
    turns.goOutermost();
    return result;
  });

  function positionsOf(path: string): MappedLines | null {
    turns.catchUp();
    return translator.positionsOf(path);
  }

  const undoVm = installVmHooks({
    translator,
    scope,
    publish: (context) => {
      const errors = publishProbes(context);
      if (errors !== null) watchFormatterOf(errors);
    },
    onLibraryNamed: resolveLibrary,
  });

  return {
    uninstall() {
      undoVm();
      stopWatching();
      stopWatchingCode();
      registered?.deregister();
      undoReads();
      commonJs.uninstall();
    },
    positionsOf,
    isMappedByNode: (path) => translator.isMappedByNode(path),
    files: () => translator.files(),
    showUserLines: userLines({
      positionsOf,
      withheldMapOf: (path) => translator.withheldMapOf(path),
      isMappedByNode: (path) => translator.isMappedByNode(path),
      textOf: (path) => translator.textOf(path),
      files: () => translator.files(),
    }),
    catchUp() {
      turns.catchUp();
      reportCommandLineCode();
    },
    answeredNs: () => turns.answeredNs(),
  };
}

/**
 * Node 22 loads nothing any more once there are hooks of both kinds, on this thread and on one of
 * their own (seen with 22.15 to 22.23; right in 24).
 */
function areExclusive(): boolean {
  return process.versions.node.startsWith('22.');
}

/** Whether this is the thread on which Node 20 runs hooks: `--require` reaches it, too. */
export function isHooksThread(): boolean {
  const internal = (threads as { readonly isInternalThread?: boolean }).isInternalThread;
  return !threads.isMainThread && (internal ?? threads.parentPort === null);
}
