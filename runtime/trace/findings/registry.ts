/**
 * Every rule, one row each. Findings are shown by severity; within one, first what explains how the
 * program ended, then what makes its outcome wrong, then what would save most time, then in the
 * order of these rows.
 */
import type { Observer } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import { abandonedQueue } from './abandoned-queue.ts';
import { answeredTwice } from './answered-twice.ts';
import { brokenPipe } from './broken-pipe.ts';
import { busyWait } from './busy-wait.ts';
import { calledTwice } from './called-twice.ts';
import { cutOff } from './cut-off.ts';
import { keptAlive } from './kept-alive.ts';
import { neverAnswered } from './never-answered.ts';
import { unrefTimer } from './unref-timer.ts';
import { uncaughtErrors } from './uncaught-errors.ts';
import type { Finding, Rule, Severity } from './finding.ts';
import { BeforeInterrupt } from './before-interrupt.ts';
import { backPressure } from './back-pressure.ts';
import { deadlock } from './deadlock.ts';
import { notReleased } from './not-released.ts';
import { growth } from './growth.ts';
import { lateResult } from './late-result.ts';
import { lateListener } from './late-listener.ts';
import { growingQueue } from './growing-queue.ts';
import { blockedEventLoop } from './blocked-event-loop.ts';
import { gilBound } from './gil-bound.ts';
import { headOfLine } from './head-of-line.ts';
import { ignoredAbort } from './ignored-abort.ts';
import { idleWorkers } from './idle-workers.ts';
import { nondeterministicOrder } from './library-facts.ts';
import { jobsTooSmall } from './jobs-too-small.ts';
import { lockContention } from './lock-contention.ts';
import { lockConvoy } from './lock-convoy.ts';
import { lostJob } from './lost-job.ts';
import { lostUpdate } from './lost-update.ts';
import { lostContext } from './lost-context.ts';
import { lostRecords } from './lost-records.ts';
import { madeTwice } from './made-twice.ts';
import { neverAwaited } from './never-awaited.ts';
import { neverSettled } from './never-settled.ts';
import { neverJoined } from './never-joined.ts';
import { moduleCycle } from './module-cycle.ts';
import { neverDone } from './never-done.ts';
import { nestedLoop, neverRetrieved, taskCollected, wrongLoop, wrongThread } from './python-facts.ts';
import { forkWithLocks, notPrimed, swallowedCancel, unclosed } from './python-ends.ts';
import { QuietGaps } from './quiet-gaps.ts';
import { oneByOne } from './one-by-one.ts';
import { outputAfterExit } from './output-after-exit.ts';
import { overlap } from './overlap.ts';
import { overwrittenState } from './overwritten-state.ts';
import { ownCopy } from './own-copy.ts';
import { lateBinding } from './late-binding.ts';
import { privateLock } from './private-lock.ts';
import { releasedEarly } from './released-early.ts';
import { repeatedFailure } from './repeated-failure.ts';
import { roundTrips } from './round-trips.ts';
import { sharedCancel } from './shared-cancel.ts';
import { smallChunks } from './small-chunks.ts';
import { jobDoneTwice, stalledJob } from './stalled-job.ts';
import { sharedContext } from './shared-context.ts';
import { staleWrite } from './stale-write.ts';
import { starvedConsumers } from './starved-consumers.ts';
import { unendedInput } from './unended-input.ts';
import { endlessJob, jobsCutOff } from './unfinished-job.ts';
import { unreadPipe } from './unread-pipe.ts';
import { unreadResponse } from './unread-response.ts';
import { completionOrder } from './completion-order.ts';
import { connectionPoolFull } from './connection-pool-full.ts';
import { timerOverflow } from './timer-overflow.ts';
import { threadPoolFull } from './thread-pool-full.ts';

export const RULES: readonly Rule[] = [
  wrongLoop,
  nestedLoop,
  notPrimed,
  notReleased,
  lostJob,
  abandonedQueue,
  answeredTwice,
  uncaughtErrors,
  neverRetrieved,
  sharedCancel,
  completionOrder,
  taskCollected,
  wrongThread,
  unclosed,
  swallowedCancel,
  forkWithLocks,
  deadlock,
  neverDone,
  backPressure,
  lateListener,
  growth,
  moduleCycle,
  cutOff,
  jobsCutOff,
  endlessJob,
  brokenPipe,
  calledTwice,
  ignoredAbort,
  neverAnswered,
  unreadPipe,
  unendedInput,
  outputAfterExit,
  unreadResponse,
  keptAlive,
  unrefTimer,
  blockedEventLoop,
  busyWait,
  starvedConsumers,
  neverAwaited,
  neverJoined,
  gilBound,
  overlap,
  lostUpdate,
  overwrittenState,
  staleWrite,
  sharedContext,
  madeTwice,
  jobDoneTwice,
  stalledJob,
  releasedEarly,
  privateLock,
  lateBinding,
  lostContext,
  ownCopy,
  timerOverflow,
  repeatedFailure,
  oneByOne,
  headOfLine,
  lateResult,
  lockConvoy,
  lockContention,
  growingQueue,
  connectionPoolFull,
  threadPoolFull,
  idleWorkers,
  roundTrips,
  smallChunks,
  jobsTooSmall,
  neverSettled,
  nondeterministicOrder,
  lostRecords,
];

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

const NOBODY: ReadonlySet<number> = new Set();

/** All rules at work on one fold: `new Fold(rules.observers, trace)`. */
export interface RulesRun {
  readonly observers: readonly Observer[];
  /** As of the records folded so far, the gravest first. */
  findings(): Finding[];
}

export function startRules(trace: Trace): RulesRun {
  const gaps = new QuietGaps(trace);
  const observers = RULES.map((rule) => rule.start(trace, gaps));
  const interrupt = new BeforeInterrupt(trace, ask);
  return {
    observers: [interrupt, gaps, ...observers],
    findings: () => interrupt.merge(ask()).sort((a, b) => compareFindings(a, b) || rowOf(a) - rowOf(b)),
  };

  function ask(): Finding[] {
    const exact = observers.flatMap((rule, i) => (RULES[i]!.isLastResort ? [] : rule.findings(NOBODY)));
    const explained = new Set(exact.flatMap(explainedBy));
    const rest = observers.map((rule, i) => (RULES[i]!.isLastResort ? rule.findings(explained) : []));
    const isSilenced = ({ rule, sites }: Finding): boolean =>
      sites.some((site) => trace.silenced.has(trace.sites[site], rule));
    return [...exact, ...rest.flat()].filter((finding) => !isSilenced(finding));
  }
}

/** The place of a finding's rule among all. */
const rowOf = (finding: Finding): number => RULES.findIndex(({ name }) => name === finding.rule);

const explainedBy = ({ explains, explainsEnd, tasks }: Finding): readonly number[] =>
  explains ?? (explainsEnd === true ? tasks : []);

function compareFindings(a: Finding, b: Finding): number {
  const explains = ({ explainsEnd, isWrong }: Finding): number =>
    explainsEnd === true ? 0 : isWrong === true ? 1 : 2;
  return (
    RANK[a.severity] - RANK[b.severity] || explains(a) - explains(b) || (b.gainNs ?? 0) - (a.gainNs ?? 0)
  );
}
