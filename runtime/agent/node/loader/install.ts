/**
 * Puts the loader into this process, before the program's first module. Called once per thread by the agent.
 *
 *   Node 22.15+, 24     hooks on this thread take everything
 *   Node 20, early 22   hooks on their own thread take ES modules; patches on this one take `require`
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import threads, { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { type Lines } from '../instrument/source-map.ts';
import { withoutNextTick } from '../../../recorder/without-next-tick.ts';
import { type HooksData } from './hooks-thread.ts';
import { installUncaughtExcerpt } from '../stack/uncaught-excerpt.ts';
import { installUserPositions } from '../stack/user-positions.ts';
import { installCommonJsHooks } from './commonjs-hooks.ts';
import { type FileScope, fileScope } from './file-scope.ts';
import { bundledLibrary } from './library.ts';
import { type FileReport, type LoaderOptions, type OnFile } from './options.ts';
import { installSyncHooks } from './sync-hooks.ts';
import { Translator } from './translate.ts';

export interface Loader {
  /** Takes the hooks off again, where Node allows it; files already loaded stay as they are. */
  uninstall(): void;
  /** From the text that runs to the file on disk, for stack positions; null for a file that runs as it is. */
  positionsOf(path: string): Lines | null;
  /** Paths of the instrumented files that this thread knows of. */
  files(): Iterable<string>;
  /** Hears at once what the hooks thread has said so far, without waiting for the loop to turn. */
  catchUp(): void;
  /** When the hooks thread answered last, ns, monotonic; 0: never, or there is none. */
  answeredNs(): bigint;
}

/**
 * @param onFile told of every file that was looked at or left alone; of the hooks thread's with a small delay, see `catchUp`
 * @returns what takes it all off again; on Node's own hooks thread, where nothing of the user's runs, nothing was done
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
  const own = fileURLToPath(new URL('.', options.probesUrl));
  const { libraryUrl } = options;
  const ours = libraryUrl === undefined ? [own] : [own, fileURLToPath(libraryUrl)];
  const scoped: LoaderOptions = { ...options, exclude: [...(options.exclude ?? []), ...ours] };
  const scope = fileScope(scoped);
  const hooks = hooksOnThisThread(scoped, scope, onFile) ?? hooksOnTwoThreads(scoped, scope, onFile);
  const undo = [
    installUserPositions(hooks.positionsOf, [own, fileURLToPath(new URL('.', import.meta.url))]),
    installUncaughtExcerpt(hooks.positionsOf, hooks.files),
    hooks.uninstall,
  ];
  return { ...hooks, uninstall: () => undo.forEach((back) => back()) };
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
  const missed = new Translator(options, () => {});
  const elsewhere = new Set<string>();
  const { port1, port2 } = new MessageChannel();
  const heard = (file: FileReport): void => {
    if (file.outcome === 'instrumented') elsewhere.add(file.path);
    onFile(file, 'elsewhere');
  };
  port1.on('message', heard);
  port1.unref();
  const threadUrl = options.hooksThreadUrl ?? new URL('./hooks-thread.js', import.meta.url).href;
  const answered = new BigInt64Array(new SharedArrayBuffer(8));
  const data: HooksData = { options, port: port2, answered };
  withoutNextTick(() => module.register(threadUrl, { data, transferList: [port2] }));
  return {
    files: () => [...translator.files(), ...elsewhere],
    answeredNs: () => Atomics.load(answered, 0),
    catchUp() {
      for (let said = receiveMessageOnPort(port1); said !== undefined; said = receiveMessageOnPort(port1)) {
        heard(said.message as FileReport);
      }
    },
    uninstall: installCommonJsHooks(translator, scope, bundledLibrary(options)),
    // What the other thread translated is found in the cache, or worked out once more; only an error's stack asks.
    positionsOf: (path) =>
      translator.positionsOf(path) ?? (scope(path) ? missed.positionsOfFile(path) : null),
  };
}

/** The thread that Node 20 runs hooks on; `--require` reaches it too. */
export function isHooksThread(): boolean {
  const internal = (threads as { readonly isInternalThread?: boolean }).isInternalThread;
  return !threads.isMainThread && (internal ?? threads.parentPort === null);
}
