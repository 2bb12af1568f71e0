/** What is known of one part of a recording: its process, and what its ids mean. */
import type { Trace } from '../model/trace.ts';
import { Definitions } from './definitions.ts';

export class Part {
  readonly definitions: Definitions;
  /** Index in the trace. */
  readonly process: number;
  /** Lane number → index in the trace; undefined: no record of that lane was read. */
  readonly lanes: number[] = [];
  /** The records are those of a checkpoint: the state as of its time, without a history. */
  isRestoring = false;

  constructor(process: number, trace: Trace) {
    this.process = process;
    this.definitions = new Definitions(trace, process);
  }
}
