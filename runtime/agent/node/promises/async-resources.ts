/**
 * Events from outside the user's code, as resources: one for each name that `async-resource-names`
 * gives to a type of Node's async resources. It reads types, never what a resource holds.
 */
import { executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { KIND, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ASYNC_RESOURCE_NAMES } from './async-resource-names.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = builtIns;
const PLAIN = Object.prototype;
const { timer: TIMER, io: IO } = RESOURCE_KIND;

export class AsyncResources {
  private readonly recorder: Recorder;
  private readonly idsByType = new SafeMap<string, number>();
  private readonly idsByName = new SafeMap<string, number>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** Forgets what it defined while the recorder showed nothing of it. */
  forget(): void {
    this.idsByType.clear();
    this.idsByName.clear();
  }

  /**
   * The resource of what executes now; 0 when that is unknown: the start, a causeless microtask.
   */
  current(): number {
    if (executionAsyncId() <= 1) return 0;
    const type = typeOf(executionAsyncResource());
    if (type === '') return 0;
    const known = this.idsByType.get(type);
    if (known !== undefined) return known;
    const name = hasOwn(ASYNC_RESOURCE_NAMES, type) ? ASYNC_RESOURCE_NAMES[type]! : type;
    const id = this.idOf(name, type === 'Timeout' || type === 'Immediate' ? TIMER : IO);
    this.idsByType.set(type, id);
    return id;
  }

  /** What `import()` waits for. */
  moduleLoading(): number {
    return this.idOf('the loading of a module', IO);
  }

  /** What settles a promise whose signal was aborted. */
  abortSignal(): number {
    return this.idOf('an AbortSignal', IO);
  }

  private idOf(name: string, kind: number): number {
    const known = this.idsByName.get(name);
    if (known !== undefined) return known;
    const id = this.recorder.nextId();
    this.recorder.write(KIND.resourceBegin, kind, 0, id, 0, this.recorder.defineText(name), 0);
    this.idsByName.set(name, id);
    return id;
  }
}

/** The constructor's name, read without running the user's code; '' for a plain object (a tick). */
function typeOf(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null) return '';
  const prototype: unknown = getPrototypeOf(resource);
  if (typeof prototype !== 'object' || prototype === null || prototype === PLAIN) return '';
  const descriptor = getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = descriptor?.value;
  return typeof constructor === 'function' ? constructor.name : '';
}
