/** A row of the table of retired names. */

/** A constant is a variable of a module; members are those of classes, interfaces and types. */
export type DeclarationKind = 'type' | 'function' | 'constant' | 'member' | 'file' | 'rule';

export interface RetiredName {
  /** `*` at one end stands for anything. */
  readonly names: readonly string[];
  /** All kinds when it is left out. */
  readonly kinds?: readonly DeclarationKind[];
  /** Folders or files; the whole tree when it is left out. */
  readonly rooms?: readonly string[];
  readonly use: string;
}
