/**
 * What the loader gets and reports. Plain data: on Node 20 it crosses to the hooks thread and back.
 */
import type { MessagePort } from 'node:worker_threads';

export interface LoaderOptions {
  /** `file:` URL of the folder of the agent's own files, with its slash. */
  readonly agentUrl: string;
  /** The emitted text differs with it. */
  readonly depth: 'full' | 'light';
  /** Generators that are not async are seen, too. The emitted text differs with it. */
  readonly generators?: boolean;
  /** Folder for instrumented texts, private to the user. Absent: every run instruments anew. */
  readonly cacheDir?: string;
  /**
   * TypeScript and JSX that nobody else compiles is compiled here: the person asked for such a
   * program. Otherwise the loader takes only what is JavaScript already, and a program that Node
   * refuses is refused.
   */
  readonly compiles?: boolean;
  /**
   * Packages in `node_modules` that are instrumented all the same, by name ("p-map",
   * "@scope/name").
   */
  readonly include?: readonly string[];
  /**
   * `file:` URL of the folder that holds the library, with its slash: what `simul` means. Absent:
   * the package that Node finds.
   */
  readonly libraryUrl?: string;
  /** Code that is compiled where no hook is shown it names the library. */
  readonly isLibraryHidden?: boolean;
  /** Path of the program: the peers of the library are resolved from there. */
  readonly program?: string;
  /**
   * Of the main thread's `SharedStand`: where texts are read on the hooks thread, that tells by it
   * when one of them names the inspector.
   */
  readonly standWords?: Int32Array;
  /** Folders whose files are never instrumented: the agent's, the library's. */
  readonly exclude?: readonly string[];
  /**
   * `file:` URL of the hooks thread's entry, for Nodes whose hooks run on a thread of their own.
   * Absent: the file beside this one.
   */
  readonly hooksThreadUrl?: string;
}

/** What became of one file. A trace names these where it is thin. */
export interface FileReport {
  readonly path: string;
  /**
   * `foreign`: it is in `node_modules` and was left alone. `kind`: only the kind of module was
   * asked for.
   */
  readonly outcome: 'instrumented' | 'unchanged' | 'refused' | 'foreign' | 'kind';
  /** Why it was refused; '' otherwise. */
  readonly why: string;
  readonly cached: boolean;
  /** How many functions hold probes; 0 where only types were removed. */
  readonly sites: number;
  /** Mappings from an instrumented text back to the text that was given; '' for all others. */
  readonly positions: string;
  /** Key of the emitted text in the cache; '' where there is none. */
  readonly key: string;
  /** The text went to Node without its map (stack/source-maps-switch.ts). */
  readonly isMapWithheld: boolean;
  /** When the work on it began and ended, ns, monotonic. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** `elsewhere`: the hooks thread did the work, and this thread could do other work meanwhile. */
export type OnFile = (file: FileReport, where: 'here' | 'elsewhere') => void;

/** What the hooks thread gets when it starts. */
export interface HooksData {
  readonly options: LoaderOptions;
  /** Takes a `FileReport` for each file. */
  readonly port: MessagePort;
  /**
   * Shared memory. [0]: when the thread answered last, ns, monotonic. [1]: not 0 while the program
   * registers hooks of its own, which run on that thread and are left alone.
   */
  readonly shared: BigInt64Array;
}
