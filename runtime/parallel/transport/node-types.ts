/**
 * Types of Node's that the library's own types name. They are written out here, so that those stand
 * without `@types/node`.
 */

/** What a message can move: an ArrayBuffer, a MessagePort, a stream, … */
export type Transferable = object;

/** The `env` of a process: the values by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How much memory a thread may have; see `resourceLimits` of Node's Worker. */
export interface MemoryLimits {
  /** The heap of what lives long, in MB. */
  readonly maxOldGenerationSizeMb?: number;
  /** The heap of what was made lately, in MB. */
  readonly maxYoungGenerationSizeMb?: number;
  /** Memory for code, in MB. */
  readonly codeRangeSizeMb?: number;
  /** The stack, in MB. */
  readonly stackSizeMb?: number;
}
