/**
 * What a queue of this process records: each job as a resource, its way into the line (`put`) and
 * out of it (`get`, by the task of the attempt), and why it stands elsewhere (`use`). Untraced, all
 * of it is a no-op.
 */
import { FLAG, KIND, RESOURCE_KIND, USE } from '../trace/format/kinds.ts';
import { askingTask } from '../sync/wait-queue.ts';
import { bridge, recorder, takeSite, traced } from '../tasks/core/trace.ts';

export interface JobTrace {
  /** A job is added. @param site of the call that adds it. @returns the job's resource. */
  begin(name: string, site: number): number;
  /** It stands in line from now on. @param by the task that put it there; 0: time did. */
  enter(by: number, depth: number, serial: number, priority: number): void;
  /** An attempt at it begins. */
  leave(attempt: number, depth: number, serial: number, priority: number): void;
  /** It is not in line before its time. @param by the attempt that failed, or who adds it */
  delay(job: number, by: number, site: number): void;
  /** The queue hands out nothing from now on, or does again. */
  pause(isPaused: boolean): void;
  /** As many jobs began as may, or the stretch of time is over. */
  limit(isFull: boolean): void;
}

const NO_TRACE: JobTrace = {
  begin: () => 0,
  enter() {},
  leave() {},
  delay() {},
  pause() {},
  limit() {},
};

/** @param queue its resource. */
export function createJobTrace(queue: number): JobTrace {
  if (!traced) return NO_TRACE;
  const move = (kind: number, by: number, depth: number, serial: number, priority: number): void =>
    recorder.write(
      kind,
      kind === KIND.put && by === 0 ? FLAG.moveNow : 0,
      by,
      queue,
      depth,
      serial,
      priority,
    );
  return {
    begin(name, site) {
      const job = recorder.nextId();
      const text = recorder.defineText(name);
      recorder.write(KIND.resourceBegin, RESOURCE_KIND.job, askingTask(), job, site, text, 0);
      return job;
    },
    enter: (by, depth, serial, priority) => move(KIND.put, by, depth, serial, priority),
    leave: (attempt, depth, serial, priority) => move(KIND.get, attempt, depth, serial, priority),
    delay: (job, by, site) => recorder.write(KIND.use, USE.delays, by, job, site, 0, 0),
    pause: (isPaused) =>
      recorder.write(KIND.use, isPaused ? USE.pauses : USE.resumes, askingTask(), queue, takeSite(), 0, 0),
    limit: (isFull) => recorder.write(KIND.use, isFull ? USE.limits : USE.unlimits, 0, queue, 0, 0, 0),
  };
}

/** The site of the user's call, for all that it makes. */
export const callSite: () => number = traced ? takeSite : () => 0;

/** Passes the site on to what the instrument sees next: BullMQ, called with the next statement. */
export const giveSite: (site: number) => void = traced
  ? (site) => {
      bridge.site = site;
    }
  : () => {};

/** The task that asks; 0 untraced. */
export const asker: () => number = traced ? () => askingTask() || bridge.currentId() : () => 0;
