/** What the files that insert probes share: the text being edited, and the way on into the tree. */
import type { Edits } from './edits.ts';
import type { Names } from './names.ts';
import type { SiteTable } from './site-table.ts';
import type { Node } from './syntax-tree.ts';

/** The innermost function around a node. */
export interface Scope {
  readonly fn: string;
  /** Probes go into its awaits: it is async and not refused. */
  readonly instrumented: boolean;
  /** It is a generator: its `return E` waits, its bare `return` does not. */
  readonly generator: boolean;
  /** It may be a coroutine of the library: a sync generator, in a file that imports the library. */
  readonly coroutine: boolean;
  readonly className: string | null;
}

export interface Inserter {
  readonly edits: Edits;
  readonly sites: SiteTable;
  readonly names: Names;
  visit(node: Node, parent: Node, scope: Scope): void;
  visitChildren(node: Node, scope: Scope): void;
}
