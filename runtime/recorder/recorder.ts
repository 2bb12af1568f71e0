/**
 * What the instrument and the library record through. A ring's writer implements it, and
 * `noRecorder`, which records nothing. Neither ever throws into its caller.
 */
export interface Recorder {
  /** Whether records go anywhere. */
  readonly on: boolean;
  /** Stamps records: ns, monotonic. The library sets another for a run on the virtual clock. */
  clock: () => bigint;
  /** Writes one record, stamped now. `trace/format/kinds.ts` names its fields; 0: absent. */
  write(kind: number, flags: number, task: number, a: number, b: number, c: number, d: number): void;
  /**
   * As `write`, with the time of the record that this thread wrote last: for a record that follows
   * it with nothing in between.
   */
  writeAtLastTime(
    kind: number,
    flags: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  /** As `write`, at the caller's time (ns, monotonic). */
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
  /** An id for a task or a resource: they share one space, unique in the process, never reused. */
  nextId(): number;
  /** Takes `count` consecutive site ids. @returns the first */
  reserveSiteIds(count: number): number;
  /** The id of a text, defined before its first use; 0: the text is empty, or did not fit. */
  defineText(text: string): number;
  /** Defines a site under an id from `reserveSiteIds`. */
  defineSite(site: SiteDefinition): void;
  /** This thread writes no more. */
  close(): void;
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
  /** One of SITE_NOTE; absent: none. */
  readonly note?: number;
  readonly lineHash: number;
}

/** Records nothing. */
export const noRecorder: Recorder = {
  on: false,
  clock: () => 0n,
  write() {},
  writeAtLastTime() {},
  writeAt() {},
  nextId: () => 0,
  reserveSiteIds: () => 1,
  defineText: () => 0,
  defineSite() {},
  close() {},
};
