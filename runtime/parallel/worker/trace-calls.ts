/** What a worker writes into the trace: one activation a chunk (or the body of a thread or process), and the links to who asked for it. */
import { isMainThread } from 'node:worker_threads';
import { packWait, waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { Future } from '../../tasks/core/future.ts';
import { isThenable } from '../../tasks/core/thenable.ts';
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import {
  FLAG,
  KIND,
  ACTIVATION_KIND,
  LINK_KIND,
  LINK_WAY,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  WAKER,
} from '../../trace/format/kinds.ts';
import { CallClaims } from '../transport/call-claims.ts';
import { type WorkerInit, MARK_ENTRIES } from '../transport/messages.ts';

export interface CallTrace {
  /** `marks` from `at` on are those of the job. */
  job(marks: readonly number[], at: number, items: number, name: string): ActivationTrace;
  body(): ActivationTrace;
}

/** One activation: it waits at most once, then ends. */
export interface ActivationTrace {
  wait(result: unknown): void;
  end(ok: boolean): void;
}

export type LinkKind = 'spawn' | 'job' | 'result';

/** One end of a link; whoever made the token gives its own pid with it. */
export function recordLink(
  way: 'send' | 'receive',
  kind: LinkKind,
  task: number,
  token: number,
  pid: number,
  resource: number,
  attempt = 0,
): void {
  const flags = LINK_WAY[way] | (LINK_KIND[kind] << 4);
  recorder.write(KIND.link, flags, task, token, pid, resource, attempt);
}

/** null: there is no trace. */
export function traceCalls(begin: WorkerInit): CallTrace | null {
  if (!traced) return null;
  // Ids hold in one process; another one names the pool for itself.
  const sameProcess = !isMainThread && begin.pid === process.pid;
  let pool = sameProcess ? begin.resource : 0;
  if (pool === 0 && begin.kind === 'pool') {
    pool = recorder.nextId();
    recorder.write(KIND.resourceBegin, RESOURCE_KIND.pool, 0, pool, 0, recorder.text(begin.name), 0);
  }
  const { pid } = begin;
  const claims = begin.claims === null ? null : new CallClaims(begin.claims);
  return {
    job: (marks, at, items, name) => {
      const [first, token, submitter, attempt] = marks.slice(at, at + MARK_ENTRIES) as [
        number,
        number,
        number,
        number,
      ];
      // In the same process the token is an id that nobody else has: whoever waits is woken by it.
      const act = open('chunk', name, pool, sameProcess ? token : recorder.nextId(), claims);
      const retry = attempt > 0 ? FLAG.chunkRetry : 0;
      recorder.write(KIND.chunk, retry, act.id, pool, first, items, sameProcess ? submitter : 0);
      recordLink('receive', 'job', act.id, token, pid, pool, attempt);
      return {
        wait: act.wait,
        end: (ok) => {
          act.resume();
          recordLink('send', 'result', act.id, token, pid, pool, attempt);
          act.end(ok);
        },
      };
    },
    body: () => {
      const act = open(
        sameProcess ? 'thread' : 'process',
        begin.name,
        sameProcess ? begin.resource : 0,
        sameProcess ? begin.token : recorder.nextId(),
        claims,
      );
      recordLink('receive', 'spawn', act.id, begin.token, pid, sameProcess ? begin.resource : 0);
      return {
        wait: act.wait,
        end: (ok) => {
          act.resume();
          recordLink('send', 'result', act.id, begin.token, pid, sameProcess ? begin.resource : 0);
          act.end(ok);
        },
      };
    },
  };
}

/** What a `process.exit()` in the middle of it leaves open. */
let ends: ((exitCode: number) => void) | null = null;
if (traced) process.on('exit', (code) => ends?.(code));

/** The error with which a job or a body ends that ended its worker, or was ended with it. */
export const workerExitText = (how: string): number => recorder.text(`the end of its worker (${how})`);

interface OpenActivation extends ActivationTrace {
  readonly id: number;
  resume(): void;
}

function open(
  kind: 'chunk' | 'thread' | 'process',
  name: string,
  of: number,
  id: number,
  claims: CallClaims | null,
): OpenActivation {
  recorder.write(KIND.activationBegin, ACTIVATION_KIND[kind], id, 0, 0, recorder.text(name), of);
  const frame = bridge.frame(id);
  bridge.enter(frame);
  if (claims !== null) claims.open = id;
  const end = (outcome: number, error: number): void => {
    ends = null;
    if (claims !== null) claims.open = 0;
    recorder.write(KIND.activationEnd, outcome, id, error, 0, 0, 0);
    bridge.leave(frame);
  };
  let waitsFor: object | null = null;
  ends = (exitCode) => {
    // Its parent is gone, and nobody waits for what it would have come to.
    if (isMainThread && !process.connected) end(0, 0);
    else end(OUTCOME.error, workerExitText(`exit code ${exitCode}`));
  };
  return {
    id,
    wait: (result) => {
      if (!isThenable(result)) return;
      waitsFor = result;
      const packed =
        result instanceof Future
          ? packWait(result.waitReason(), result.waitTarget())
          : bridge.targetOf(result);
      const why = waitReasonOf(packed) || REASON.future;
      recorder.write(KIND.wait, why | FLAG.waitDirect, id, 0, waitTargetOf(packed), 0, 0);
      bridge.leave(frame);
    },
    resume: () => {
      if (waitsFor === null) return;
      const by = waitsFor instanceof Future ? waitsFor.settler : bridge.settlerOf(waitsFor);
      waitsFor = null;
      recorder.write(
        KIND.run,
        by > 0 ? WAKER.known : by < 0 ? WAKER.external : 0,
        id,
        Math.max(0, by),
        0,
        0,
        0,
      );
      bridge.enter(frame);
    },
    end: (ok) => end(ok ? OUTCOME.ok : OUTCOME.error, 0),
  };
}
