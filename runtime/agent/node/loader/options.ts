/** What the loader is told. Plain data: on Node 20 it is also sent to the hooks thread. */
export interface LoaderOptions {
  /** `file:` URL of the module that exports `probes`; instrumented ES modules import it. */
  readonly probesUrl: string;
  /** Folder for instrumented texts, private to the user. Absent: every run instruments anew. */
  readonly cacheDir?: string;
  /** Packages in `node_modules` to instrument all the same, by name ("p-map", "@scope/name"). */
  readonly include?: readonly string[];
  /** `file:` URL of the folder that holds the library, with its slash: what `simul` means. Absent: what Node finds. */
  readonly libraryUrl?: string;
  /** Path of the program: from there the packages are looked for that the library works with. */
  readonly program?: string;
  /** Folders that are never touched; the agent's own is one, the library's another. */
  readonly exclude?: readonly string[];
  /** `file:` URL of the hooks-thread entry; by default the file next to this folder. Used where hooks run off-thread. */
  readonly hooksThreadUrl?: string;
}

/** What became of one file, for a trace that must say why it is thin. Cloneable: on Node 20 it comes from the hooks thread. */
export interface FileReport {
  readonly path: string;
  /** `foreign`: it lies in `node_modules` and was left alone. `kind`: it was only asked what kind of module it is. */
  readonly outcome: 'instrumented' | 'unchanged' | 'refused' | 'foreign' | 'kind';
  /** Why it was refused; '' otherwise. */
  readonly why: string;
  readonly cached: boolean;
  /** How many probes stand in it; 0 where only types went. */
  readonly sites: number;
  /** When we began with it and when it was done, ns, monotonic. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** `elsewhere`: the hooks thread did it, and this thread could do other things meanwhile. */
export type OnFile = (file: FileReport, where: 'here' | 'elsewhere') => void;
