/** What the table of kinds (kinds.ts) says of each kind, in types. */

/**
 * What a field holds. `duration` has its unit in the flags; `low` and `high` are the halves of a
 * u64; `bytes` are a piece of text; `task` and `resource` share one id space.
 */
export type FieldType =
  | 'task'
  | 'resource'
  | 'task-or-resource'
  | 'text'
  | 'site'
  | 'number'
  | 'duration'
  | 'low'
  | 'high'
  | 'bytes';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

/** A named part of the flags byte. */
export interface FlagPart {
  /** Its lowest bit. */
  readonly bit: number;
  /** How many bits it has. */
  readonly bits: number;
  /** What each value means; without it the value is a plain bit. */
  readonly names?: readonly string[];
}

/** What a record of one kind says. A field that is missing here is absent in the kind, and 0. */
export interface KindSpec {
  /** Byte 31. */
  readonly number: number;
  /** What the record says, in one line. */
  readonly says: string;
  readonly task?: Field;
  readonly a?: Field;
  readonly b?: Field;
  readonly c?: Field;
  readonly d?: Field;
  readonly flags: Readonly<Record<string, FlagPart>>;
}
