/** Tasks that the person wants to see above all others, by their id. */
import * as vscode from 'vscode';
import type { TaskNode } from '../../runtime/trace/messages/moment.ts';

export class PinnedTasks {
  readonly #ids = new Set<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #shown: ReadonlySet<TaskNode> = new Set();

  toggle(task: string): void {
    if (!this.#ids.delete(task)) this.#ids.add(task);
    this.#changed.fire();
  }

  isPin(node: TaskNode): boolean {
    return this.#shown.has(node);
  }

  /** Those that live, without what stands below them. */
  of(tasks: readonly TaskNode[]): TaskNode[] {
    const found: TaskNode[] = [];
    const visit = (nodes: readonly TaskNode[]): void => {
      for (const node of nodes) {
        if (node.task !== null && this.#ids.has(node.task)) found.push({ ...node, children: [] });
        visit(node.children);
      }
    };
    if (this.#ids.size > 0) visit(tasks);
    this.#shown = new Set(found);
    return found;
  }
}
