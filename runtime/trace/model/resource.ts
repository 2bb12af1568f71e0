/** Queues, locks, pools and what else tasks wait for. */
export interface Resource {
  readonly index: number;
  readonly id: number;
  readonly process: number;
  readonly kind: number;
  readonly name: string;
  /** Of a queue of jobs outside the process: its server, prefix and name. '' of all others. */
  readonly key: string;
  readonly site: number;
  readonly creator: number;
  readonly capacity: number | null;
  readonly beganNs: number;
  endedNs: number | null;
  level: number;
  maxDepth: number;
  puts: number;
  gets: number;
  holder: number;
}

/** The children of a `Promise.all`, `gather`, … in the order of their index. */
export interface Group {
  /** Index in GROUP_KINDS. */
  readonly kind: number;
  readonly members: number[];
  /** Index of the member whose settling ended the group's wait; null: not recorded. */
  decider: number | null;
}
