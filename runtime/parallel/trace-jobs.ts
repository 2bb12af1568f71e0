/** What a worker writes into the trace: one activation a chunk (or the body of a thread or process), and the links to who asked for it. */
import { isMainThread } from 'node:worker_threads';
import { waitTargetOf } from '../recorder/lane.ts';
import { isThenable } from '../tasks/future.ts';
import { lane, reason, recorder, resourceKind, traced, OUTCOME } from '../tasks/trace.ts';
import { ACTIVATION_KINDS, F, K, LINK_KINDS, LINK_WAYS, numberOf } from '../trace/format/kinds.ts';
import { type Begin, MARK_ENTRIES } from './messages.ts';

export interface JobTrace {
  /** `marks` from `at` on are those of the job. */
  job(marks: readonly number[], at: number, items: number, name: string): ActTrace;
  body(name: string): ActTrace;
}

/** One activation: it waits at most once, then ends. */
export interface ActTrace {
  wait(result: unknown): void;
  end(ok: boolean): void;
}

export type LinkKind = 'spawn' | 'job' | 'result';

/** One end of a link; whoever made the token gives its own pid with it. */
export function link(
  way: 'send' | 'receive',
  kind: LinkKind,
  task: number,
  token: number,
  pid: number,
  resource: number,
  attempt = 0,
): void {
  const flags = numberOf(LINK_WAYS, way) | (numberOf(LINK_KINDS, kind) << 4);
  recorder.write(K.link, flags, task, token, pid, resource, attempt);
}

/** null: there is no trace. */
export function traceJobs(begin: Begin): JobTrace | null {
  if (!traced) return null;
  // Ids hold in one process; another one names the pool for itself.
  const sameProcess = !isMainThread && begin.pid === process.pid;
  let pool = sameProcess ? begin.resource : 0;
  if (pool === 0 && begin.kind === 'pool') {
    pool = recorder.nextId();
    recorder.write(K.resourceBegin, resourceKind('pool'), 0, pool, 0, recorder.text(begin.name), 0);
  }
  const { pid } = begin;
  return {
    job: (marks, at, items, name) => {
      const [first, token, submitter, attempt] = marks.slice(at, at + MARK_ENTRIES) as [
        number,
        number,
        number,
        number,
      ];
      // In the same process the token is an id that nobody else has: whoever waits is woken by it.
      const act = open('chunk', name, pool, sameProcess ? token : recorder.nextId());
      const retry = attempt > 0 ? F.chunkRetry : 0;
      recorder.write(K.chunk, retry, act.id, pool, first, items, sameProcess ? submitter : 0);
      link('receive', 'job', act.id, token, pid, pool, attempt);
      return {
        wait: act.wait,
        end: (ok) => {
          act.resume();
          link('send', 'result', act.id, token, pid, pool, attempt);
          act.end(ok);
        },
      };
    },
    body: (name) => {
      const act = open(
        sameProcess ? 'thread' : 'process',
        begin.name || name,
        sameProcess ? begin.resource : 0,
        recorder.nextId(),
      );
      link('receive', 'spawn', act.id, begin.token, pid, sameProcess ? begin.resource : 0);
      return {
        wait: act.wait,
        end: (ok) => {
          act.resume();
          link('send', 'result', act.id, begin.token, pid, sameProcess ? begin.resource : 0);
          act.end(ok);
        },
      };
    },
  };
}

interface OpenAct extends ActTrace {
  readonly id: number;
  resume(): void;
}

function open(kind: 'chunk' | 'thread' | 'process', name: string, of: number, id: number): OpenAct {
  recorder.write(K.activationBegin, numberOf(ACTIVATION_KINDS, kind), id, 0, 0, recorder.text(name), of);
  const frame = lane.frame(id);
  lane.enter(frame);
  let waits = false;
  return {
    id,
    wait: (result) => {
      if (!isThenable(result)) return;
      waits = true;
      recorder.write(
        K.wait,
        reason('task') | F.waitDirect,
        id,
        0,
        waitTargetOf(lane.standsFor(result)),
        0,
        0,
      );
      lane.leave(frame);
    },
    resume: () => {
      if (!waits) return;
      waits = false;
      recorder.write(K.run, 0, id, 0, 0, 0, 0);
      lane.enter(frame);
    },
    end: (ok) => {
      recorder.write(K.activationEnd, ok ? OUTCOME.ok : OUTCOME.error, id, 0, 0, 0, 0);
      lane.leave(frame);
    },
  };
}
