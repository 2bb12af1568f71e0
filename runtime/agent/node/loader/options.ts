/** What the loader is told. Plain data: on Node 20 it is also sent to the hooks thread. */
export interface LoaderOptions {
  /** `file:` URL of the module that exports `probes`; instrumented ES modules import it. */
  readonly probesUrl: string;
  /** Folder for instrumented texts, private to the user. Absent: every run instruments anew. */
  readonly cacheDir?: string;
  /** Packages in `node_modules` to instrument all the same, by name ("p-map", "@scope/name"). */
  readonly include?: readonly string[];
  /** Folders that are never touched; the agent's own is one. */
  readonly exclude?: readonly string[];
  /** `file:` URL of the hooks-thread entry; by default the file next to this folder. Used where hooks run off-thread. */
  readonly hooksThreadUrl?: string;
}

/** What became of one file, for a trace that must say why it is thin. */
export interface FileReport {
  readonly path: string;
  readonly outcome: 'instrumented' | 'unchanged' | 'refused';
  /** Why it was refused; '' otherwise. */
  readonly why: string;
  readonly cached: boolean;
}
