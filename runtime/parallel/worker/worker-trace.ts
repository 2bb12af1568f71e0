/**
 * What a worker records: one activation for each call of a pool, or for the body of a thread or
 * process, and the links to the task that asked for it. Untraced, all of it is a no-op.
 */
import { isMainThread } from 'node:worker_threads';
import { packWait, waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { Future } from '../../tasks/core/future.ts';
import { isThenable } from '../../tasks/core/thenable.ts';
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import {
  FLAG,
  KIND,
  ACTIVATION_KIND,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  WAKER,
} from '../../trace/format/kinds.ts';
import { CallClaims } from '../transport/call-claims.ts';
import type { WorkerInit } from '../transport/messages.ts';
import { type Link, recordLink, recordWorkerExitText } from '../transport/trace-link.ts';

export interface WorkerTrace {
  /**
   * @param contexts of all calls of a message, or null when the parent is not traced.
   * @param at index of the call's first entry in `contexts`.
   * @param items how many items a chunk has; 0 for a single call.
   */
  beginCall(contexts: readonly number[] | null, at: number, items: number, name: string): ActivationTrace;
  beginBody(): ActivationTrace;
}

/** One activation: it waits at most once, then ends. */
export interface ActivationTrace {
  /** @param awaited records nothing unless it is thenable. */
  wait(awaited: unknown): void;
  end(isOk: boolean): void;
}

const NO_ACTIVATION: ActivationTrace = { wait() {}, end() {} };
const NO_TRACE: WorkerTrace = { beginCall: () => NO_ACTIVATION, beginBody: () => NO_ACTIVATION };

export function createWorkerTrace(init: WorkerInit): WorkerTrace {
  return traced ? new RecordedWorkerTrace(init) : NO_TRACE;
}

class RecordedWorkerTrace implements WorkerTrace {
  readonly #init: WorkerInit;
  /** Ids hold in one process; between processes each side has ids of its own. */
  readonly #isSameProcess: boolean;
  readonly #resource: number;
  readonly #claims: CallClaims | null;

  constructor(init: WorkerInit) {
    this.#init = init;
    this.#isSameProcess = !isMainThread && init.pid === process.pid;
    this.#claims = init.claims === null ? null : new CallClaims(init.claims);
    let resource = this.#isSameProcess ? init.resource : 0;
    if (resource === 0 && init.kind === 'pool') {
      resource = recorder.nextId();
      recorder.write(
        KIND.resourceBegin,
        RESOURCE_KIND.pool,
        0,
        resource,
        0,
        recorder.defineText(init.name),
        0,
      );
    }
    this.#resource = resource;
  }

  beginCall(contexts: readonly number[] | null, at: number, items: number, name: string): ActivationTrace {
    if (contexts === null) return NO_ACTIVATION;
    // In the order of TRACE_CONTEXT_ENTRIES.
    const first = contexts[at]!;
    const link = this.#link(contexts[at + 1]!, contexts[at + 3]!);
    const submitter = this.#isSameProcess ? contexts[at + 2]! : 0;
    const activation = this.#begin('chunk', name, link);
    const retry = link.attempt > 0 ? FLAG.chunkRetry : 0;
    recorder.write(KIND.chunk, retry, activation.id, link.resource, first, items, submitter);
    recordLink('receive', 'job', activation.id, link);
    return activation;
  }

  beginBody(): ActivationTrace {
    const link = this.#link(this.#init.token, 0);
    const kind = this.#isSameProcess ? 'thread' : 'process';
    const activation = this.#begin(kind, this.#init.name, link);
    recordLink('receive', 'spawn', activation.id, link);
    return activation;
  }

  #begin(kind: 'chunk' | 'thread' | 'process', name: string, link: Link): RecordedActivation {
    // In the same process the token is the id: no other activation has it, and the waiting task
    // then knows its waker.
    const id = this.#isSameProcess ? link.token : recorder.nextId();
    const activation = new RecordedActivation(kind, name, id, link, this.#claims);
    openActivations.add(activation);
    return activation;
  }

  #link(token: number, attempt: number): Link {
    return { token, pid: this.#init.pid, resource: this.#resource, attempt };
  }
}

class RecordedActivation implements ActivationTrace {
  readonly id: number;
  readonly #link: Link;
  readonly #claims: CallClaims | null;
  readonly #frame: ReturnType<typeof bridge.frame>;
  #awaited: object | null = null;

  constructor(
    kind: 'chunk' | 'thread' | 'process',
    name: string,
    id: number,
    link: Link,
    claims: CallClaims | null,
  ) {
    this.id = id;
    this.#link = link;
    this.#claims = claims;
    bridge.beginWork();
    recorder.write(
      KIND.activationBegin,
      ACTIVATION_KIND[kind],
      id,
      0,
      0,
      recorder.defineText(name),
      link.resource,
    );
    this.#frame = bridge.frame(id);
    bridge.enter(this.#frame);
    claims?.openActivation(id);
  }

  wait(awaited: unknown): void {
    if (!isThenable(awaited)) return;
    this.#awaited = awaited;
    const packed =
      awaited instanceof Future
        ? packWait(awaited.waitReason(), awaited.waitTarget())
        : bridge.targetOf(awaited);
    const reason = waitReasonOf(packed) || REASON.future;
    recorder.write(KIND.wait, reason | FLAG.waitDirect, this.id, 0, waitTargetOf(packed), 0, 0);
    bridge.leave(this.#frame);
  }

  end(isOk: boolean): void {
    this.#resume();
    recordLink('send', 'result', this.id, this.#link);
    this.#recordEnd(isOk ? OUTCOME.ok : OUTCOME.error, 0);
  }

  /** Ends what a `process.exit()` in the middle of it leaves open. */
  endWithWorker(exitCode: number): void {
    // When the parent is gone, nobody waits for the result, and it is no error.
    if (isMainThread && !process.connected) this.#recordEnd(0, 0);
    else this.#recordEnd(OUTCOME.error, recordWorkerExitText(`exit code ${exitCode}`));
  }

  #resume(): void {
    const awaited = this.#awaited;
    if (awaited === null) return;
    this.#awaited = null;
    const settler = awaited instanceof Future ? awaited.settler : bridge.settlerOf(awaited);
    const waker = settler > 0 ? WAKER.known : settler < 0 ? WAKER.external : 0;
    recorder.write(KIND.run, waker, this.id, Math.max(0, settler), 0, 0, 0);
    bridge.enter(this.#frame);
  }

  #recordEnd(outcome: number, error: number): void {
    openActivations.delete(this);
    this.#claims?.closeActivation(this.id);
    recorder.write(KIND.activationEnd, outcome, this.id, error, 0, 0, 0);
    bridge.leave(this.#frame);
  }
}

/** Those that have begun and not ended. */
const openActivations = new Set<RecordedActivation>();
if (traced)
  process.on('exit', (exitCode) => {
    for (const activation of openActivations) activation.endWithWorker(exitCode);
  });
