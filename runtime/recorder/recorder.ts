/**
 * What the instrument (and the library) writes through. Two things implement it: a
 * ring's writer, and nothing at all. Neither ever throws into its caller.
 */
export interface Recorder {
  readonly on: boolean;
  /** What stamps records: ns, monotonic. The library puts its own there for a run on the virtual clock. */
  clock: () => bigint;
  /** Writes one record, stamped now. Fields as the table in `trace/format/kinds.ts` names them; 0 = absent. */
  write(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void;
  /** The same with the time of the record this thread wrote last: for what follows it with nothing in between. */
  writeSame(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void;
  /** The same at a time of the caller's (ns, monotonic). */
  writeAt(
    tNs: bigint,
    kind: number,
    flags: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  /** An id for a task or a resource: one space, unique in the process, never reused. */
  nextId(): number;
  /** `count` site ids in a row; the first. */
  nextSites(count: number): number;
  /** The id of a text, written before its first use. 0 for the empty text, or when there was no room for it. */
  text(text: string): number;
  /** Defines a site under an id from `nextSites`. */
  site(site: SiteDefinition): void;
  /** This thread writes no more. */
  end(): void;
}

export interface SiteDefinition {
  readonly id: number;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  readonly fn: string;
  readonly text: string;
  readonly role: number;
  readonly direct: boolean;
  readonly lineHash: number;
}

/** Records nothing. */
export const noRecorder: Recorder = {
  on: false,
  clock: () => 0n,
  write() {},
  writeSame() {},
  writeAt() {},
  nextId: () => 0,
  nextSites: () => 1,
  text: () => 0,
  site() {},
  end() {},
};
