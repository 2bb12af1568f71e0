/**
 * What a page can be shown: a live recording or a file. Each reader reads from the start, at its own pace.
 */
export interface TraceSource {
  readonly name: string;
  readonly mode: 'live' | 'file';
  /** Folders whose files may be opened from this trace without asking, besides the workspace's. */
  readonly folders: readonly string[];
  /** Reads everything to `reader`, from the beginning. */
  subscribe(reader: Reader): Subscription;
}

export interface Reader {
  /** Whole records of one part, PUMP_BLOCK_RECORDS at most, lent for the call. false: wait for `resume`. */
  give(part: number, records: Uint8Array): boolean;
  /** The same as a compact block, BLOCK_MAX_BYTES at most. */
  giveBlock(part: number, block: Uint8Array): boolean;
  /** Something could not be read; what can be is still sent. */
  trouble(words: string): void;
  /** Nothing more will come. @param stopped the program was told to end */
  end(words: string, stopped?: boolean): void;
}

export interface Subscription {
  resume(): void;
  stop(): void;
}
