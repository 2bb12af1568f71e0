/** Something worth knowing that the agent saw: a record of its own (FACTS says what each tells). */
import type { EventId } from './event-id.ts';

export interface Fact {
  /** Index in FACTS. */
  readonly what: number;
  readonly process: number;
  readonly task: number;
  readonly site: number;
  readonly text: string;
  /** Of an unhandled rejection: where its promise was left without an await; −1: not recorded. */
  readonly called: number;
  /** How many, how much or how long (ns), see FACTS. */
  readonly amount: number;
  readonly t: number;
  /** The record that told it. */
  readonly event: EventId;
}
