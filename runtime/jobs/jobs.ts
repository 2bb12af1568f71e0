/**
 * Queues of jobs, `simul/jobs`: work that is asked for here and done elsewhere or later, with
 * attempts, delays and priorities. In this process without anything else; with a connection through
 * Redis, by way of BullMQ, whose package the program brings along.
 */
export { JobConnectionError, JobFailed, JobRemoved } from './errors.ts';
export { type AddedJob } from './added-job.ts';
export {
  type ActiveJob,
  type Backoff,
  type CloseOptions,
  type HandlerModule,
  type JobCounts,
  type JobHandler,
  type JobOptions,
  type JobQueueOptions,
  type NewJob,
  type ProcessOptions,
  type RateLimit,
  type RedisConnection,
  type RepeatOptions,
} from './job-options.ts';
export { type FlowJob, JobQueue } from './job-queue.ts';
/** The worker imports it from here by its name, where this module is bundled. */
export { decodeJob } from './sandbox.ts';
