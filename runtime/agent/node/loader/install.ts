/**
 * Puts the loader into this process, before the program's first module. The agent calls it once per
 * thread.
 *
 *   Node 22.15+, 24     hooks on this thread take everything
 *   Node 20, early 22   hooks on a thread of their own take ES modules; patches here take `require`
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import threads, { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { type MappedLines } from '../instrument/source-map.ts';
import { withoutNextTick } from '../../../recorder/without-next-tick.ts';
import { installUncaughtExcerpt } from '../stack/uncaught-excerpt.ts';
import { installUserPositions } from '../stack/user-positions.ts';
import { installCommonJsHooks } from './commonjs-hooks.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary } from './library.ts';
import { type FileReport, type HooksData, type LoaderOptions, type OnFile } from './options.ts';
import { installSyncHooks } from './sync-hooks.ts';
import { Translator } from './translate.ts';

export interface Loader {
  /** Removes the hooks, where Node allows it. Files already loaded stay as they are. */
  uninstall(): void;
  /** From the text that runs to the file on disk; null for a file that runs as it is. */
  positionsOf(path: string): MappedLines | null;
  /** Paths of the instrumented files that this thread knows of. */
  files(): Iterable<string>;
  /** Takes the reports of the hooks thread so far, without waiting for the loop to turn. */
  catchUp(): void;
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
      files: () => [],
      catchUp: () => {},
      answeredNs: () => 0n,
    };
  }
  const agentFolder = fileURLToPath(options.agentUrl);
  const { libraryUrl } = options;
  const excluded = libraryUrl === undefined ? [agentFolder] : [agentFolder, fileURLToPath(libraryUrl)];
  const scoped: LoaderOptions = { ...options, exclude: [...(options.exclude ?? []), ...excluded] };
  const scope = fileScope(scoped);
  const hooks = hooksOnThisThread(scoped, scope, onFile) ?? hooksOnTwoThreads(scoped, scope, onFile);
  const undo = [
    installUserPositions(hooks.positionsOf, [agentFolder, fileURLToPath(new URL('.', import.meta.url))]),
    installUncaughtExcerpt(hooks.positionsOf, hooks.files),
    hooks.uninstall,
  ];
  return { ...hooks, uninstall: () => undo.forEach((restore) => restore()) };
}

function hooksOnThisThread(options: LoaderOptions, scope: FileScope, onFile: OnFile): Loader | null {
  const translator = new Translator(options, (file) => onFile(file, 'here'));
  const uninstall = installSyncHooks(translator, scope, bundledLibrary(options));
  return (
    uninstall && {
      uninstall,
      positionsOf: (path) => translator.positionsOf(path),
      files: () => translator.files(),
      catchUp: () => {},
      answeredNs: () => 0n,
    }
  );
}

function hooksOnTwoThreads(options: LoaderOptions, scope: FileScope, onFile: OnFile): Loader {
  const translator = new Translator(options, (file) => onFile(file, 'here'));
  const silentTranslator = new Translator(options, () => {});
  const instrumentedElsewhere = new Set<string>();
  const { port1, port2 } = new MessageChannel();
  const onReport = (file: FileReport): void => {
    if (file.outcome === 'instrumented') instrumentedElsewhere.add(file.path);
    onFile(file, 'elsewhere');
  };
  port1.on('message', onReport);
  port1.unref();
  const threadUrl = options.hooksThreadUrl ?? new URL('./hooks-thread.js', import.meta.url).href;
  const answered = new BigInt64Array(new SharedArrayBuffer(8));
  const data: HooksData = { options, port: port2, answered };
  withoutNextTick(() => module.register(threadUrl, { data, transferList: [port2] }));
  return {
    files: () => [...translator.files(), ...instrumentedElsewhere],
    answeredNs: () => Atomics.load(answered, 0),
    catchUp() {
      for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1)) {
        onReport(next.message as FileReport);
      }
    },
    uninstall: installCommonJsHooks(translator, scope, bundledLibrary(options)),
    // A text that the other thread translated is in the cache, or is translated once more. Only the
    // stack of an error asks for it.
    positionsOf: (path) =>
      translator.positionsOf(path) ?? (scope(path) ? silentTranslator.positionsOfFile(path) : null),
  };
}

/** Whether this is the thread on which Node 20 runs hooks: `--require` reaches it, too. */
export function isHooksThread(): boolean {
  const internal = (threads as { readonly isInternalThread?: boolean }).isInternalThread;
  return !threads.isMainThread && (internal ?? threads.parentPort === null);
}
