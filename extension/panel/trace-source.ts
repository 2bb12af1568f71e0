/**
 * What a page can show: a live recording or a saved file. Every reader of a source reads it from
 * the beginning, at its own pace.
 */
export interface TraceSource {
  readonly name: string;
  readonly mode: 'live' | 'file';
  /**
   * Of a live one, its folder. Tells this recording or file from others of its name; the same after
   * a restart.
   */
  readonly recording: string;
  /** The recording's folder, or the saved file; absent: it is no file of this machine's disk. */
  readonly path?: string;
  /** Folders whose files this trace may open without asking, besides the workspace's. */
  readonly folders: readonly string[];
  /** Starts to send everything to `reader`, from the beginning. */
  subscribe(reader: TraceReader): Subscription;
}

export interface TraceReader {
  /**
   * Whole records of one part, PUMP_BLOCK_RECORDS at most, lent for the call.
   * @returns whether there is room for more. false: nothing comes until `resume`.
   */
  onRecords(part: number, records: Uint8Array): boolean;
  /** The same as a compact block, BLOCK_MAX_BYTES at most. */
  onBlock(part: number, block: Uint8Array): boolean;
  /** Something could not be read. What can be read is still sent. */
  onTrouble(words: string): void;
  /** Records were let go of before they were read: everything is sent anew. */
  onLetGo?(): void;
  /** Nothing more will come. @param stopped the user stopped the program */
  onEnd(words: string, stopped?: boolean): void;
}

export interface Subscription {
  resume(): void;
  stop(): void;
}
