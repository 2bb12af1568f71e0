/** One place in the tree that a count counts. */
export interface Occurrence {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
}
