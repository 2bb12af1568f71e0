/**
 * Names that the code no longer uses, because a reader had to look them up or because they meant
 * two things, and what is used instead. A row that names rooms holds in these alone: elsewhere the
 * word has its usual meaning. A name holds for files and rules, too: `staysHere` is retired
 * as `stays-here.ts`.
 */

import type { DeclarationKind, RetiredName } from './retired-name.ts';

const PARALLEL = ['runtime/parallel', 'test/parallel'];
const AGENT = ['runtime/agent', 'test/agent'];
const RECORDER = ['runtime/recorder', 'test/recorder'];
const SYNC = ['runtime/sync', 'test/sync'];
const TASKS = ['runtime/tasks', 'test/tasks'];
const TRACE = ['runtime/trace', 'test/trace'];
const FINDINGS = ['runtime/trace/findings', 'test/trace/findings'];
const EXTENSION = ['extension', 'test/extension'];
const PANEL = ['media', 'test/media'];
const LIBRARY_AND_RECORDER = ['runtime/recorder', 'runtime/tasks', 'runtime/sync', 'runtime/parallel'];
const NO_MEMBERS: readonly DeclarationKind[] = ['type', 'function', 'constant', 'file'];

export const retiredNames: readonly RetiredName[] = [
  // Everywhere.
  { names: ['MOST', 'MOST_*', '*_MOST'], use: 'MAX_…' },
  { names: ['LEAST', 'LEAST_*', '*_LEAST'], use: 'MIN_…' },

  // Pools of workers.
  { names: ['Staff'], rooms: PARALLEL, use: 'WorkerPool' },
  { names: ['Seat'], rooms: PARALLEL, use: 'WorkerSlot' },
  { names: ['Hand'], rooms: PARALLEL, use: 'WorkerHandle' },
  { names: ['Told'], rooms: PARALLEL, use: 'ResultBuffer' },
  { names: ['wire'], kinds: NO_MEMBERS, rooms: PARALLEL, use: 'parentChannel' },
  { names: ['Gone'], rooms: PARALLEL, use: 'WorkerExit' },
  { names: ['Begin'], rooms: PARALLEL, use: 'WorkerInit' },
  { names: ['Doer'], rooms: PARALLEL, use: 'CallRunner' },
  { names: ['Claims'], rooms: PARALLEL, use: 'CallClaims' },
  { names: ['Asker'], rooms: PARALLEL, use: 'CallClient' },
  { names: ['jobs', 'do-jobs'], kinds: ['file'], rooms: PARALLEL, use: 'call: a pool has calls' },
  { names: ['hire'], rooms: PARALLEL, use: 'addWorker' },
  { names: ['dismiss'], rooms: PARALLEL, use: 'closeWorkers' },
  { names: ['freest'], rooms: PARALLEL, use: 'leastLoaded' },
  { names: ['give'], rooms: PARALLEL, use: 'assign' },
  { names: ['takeBack'], rooms: PARALLEL, use: 'reclaim' },
  { names: ['keepHere'], rooms: PARALLEL, use: 'notTransferable' },
  { names: ['staysHere'], rooms: PARALLEL, use: 'isTransferable' },
  { names: ['whole', 'wholeBig'], rooms: PARALLEL, use: 'positiveInteger or its kind' },
  { names: ['Cuttable'], rooms: PARALLEL, use: 'Sliceable' },
  { names: ['cut'], rooms: PARALLEL, use: 'slice' },
  { names: ['Packed'], rooms: PARALLEL, use: 'EncodedChunk' },
  { names: ['opener'], rooms: PARALLEL, use: 'decoder' },
  { names: ['Opened'], rooms: PARALLEL, use: 'Decoded' },
  { names: ['leftOut'], use: 'skipped' },
  { names: ['pace'], rooms: PARALLEL, use: 'averageMs' },

  // The agent.
  { names: ['Moment'], rooms: AGENT, use: 'ThreadState' },
  { names: ['Act'], rooms: AGENT, use: 'Activation' },
  { names: ['Link'], rooms: AGENT, use: 'PromiseInfo' },
  { names: ['Stamp'], rooms: AGENT, use: 'PrivateSlot' },
  { names: ['BY'], rooms: AGENT, use: 'SETTLER' },
  { names: ['MARK'], rooms: AGENT, use: 'COMPLETION' },
  { names: ['Apart'], rooms: AGENT, use: 'ResourcePool' },
  { names: ['disguise'], rooms: AGENT, use: 'replaceBuiltin' },
  { names: ['look'], rooms: AGENT, use: 'inspectSafely' },
  { names: ['errors-seen'], rooms: AGENT, use: 'describe-error' },
  { names: ['unseen-errors'], rooms: AGENT, use: 'uncaught-errors' },
  { names: ['SeenIterable'], rooms: AGENT, use: 'ObservedIterable' },
  { names: ['known-promises'], rooms: AGENT, use: 'io-promises' },
  { names: ['groups'], kinds: ['file'], rooms: AGENT, use: 'promise-combinators' },
  { names: ['timers-of-node'], rooms: AGENT, use: 'internal-timers' },
  { names: ['root-names'], rooms: AGENT, use: 'async-resource-names' },
  { names: ['main-body'], rooms: AGENT, use: 'main-activation' },
  { names: ['process-life'], rooms: AGENT, use: 'process-lifecycle' },
  { names: ['loader-news'], rooms: AGENT, use: 'loader-reports' },
  { names: ['Weaver', 'weave'], rooms: AGENT, use: 'ProbeInserter' },
  { names: ['woven'], rooms: AGENT, use: 'instrumented' },
  { names: ['erase*'], rooms: AGENT, use: 'strip…' },
  { names: ['BlankTypes'], rooms: AGENT, use: 'TypeStripper' },
  { names: ['ownMap'], rooms: AGENT, use: 'inputSourceMap' },

  // The recorder. A lane is a thread in a trace, see the glossary.
  { names: ['Lane'], rooms: [...RECORDER, ...AGENT], use: 'LibraryBridge' },
  { names: ['in-order'], rooms: RECORDER, use: 'merge-rings' },
  { names: ['without-ticks'], rooms: RECORDER, use: 'without-next-tick' },

  // Synchronisation.
  { names: ['Held'], rooms: SYNC, use: 'Permit' },
  { names: ['Line'], rooms: SYNC, use: 'WaitQueue' },
  { names: ['InLine', 'Turn'], rooms: SYNC, use: 'WaitQueueEntry or its kind' },
  { names: ['Wait'], kinds: ['type'], rooms: SYNC, use: 'WaitQueueEntry or its kind' },
  { names: ['Shelf'], rooms: SYNC, use: 'ItemStore' },
  { names: ['Permits'], rooms: SYNC, use: 'PermitPool' },
  { names: ['giveBack'], rooms: SYNC, use: 'release' },

  // Tasks.
  { names: ['Several'], rooms: TASKS, use: 'CompositeFuture' },
  { names: ['Follower'], rooms: TASKS, use: 'ForwardingFuture' },
  { names: ['CUT'], rooms: TASKS, use: 'CANCELLED_DIRECTLY' },
  { names: ['SEEN'], rooms: TASKS, use: 'HANDLED' },
  { names: ['look'], rooms: TASKS, use: 'markHandled' },
  { names: ['unseen'], rooms: TASKS, use: 'unhandled' },
  { names: ['shown'], rooms: TASKS, use: 'describeValue' },
  { names: ['outside'], rooms: TASKS, use: 'externalWaits' },
  { names: ['foreign'], rooms: TASKS, use: 'PromiseFuture' },
  { names: ['because'], use: 'setCause' },
  { names: ['means'], use: 'bindPromise' },
  { names: ['standsFor'], use: 'targetOf' },
  { names: ['isSteady'], use: 'isDeterministic' },
  { names: ['isCircle'], use: 'inWaitCycle' },
  { names: ['goesOn'], rooms: LIBRARY_AND_RECORDER, use: 'onResume' },
  { names: ['untaken'], use: 'onUntaken' },
  { names: ['unwait'], use: 'removeWaiter' },
  { names: ['giveUp'], use: 'abandonWait' },

  // The trace.
  { names: ['Journeys'], use: 'Links' },
  { names: ['Endings'], use: 'Terminations' },
  { names: ['callers'], kinds: ['file'], rooms: TRACE, use: 'await-stack' },
  { names: ['namesakes'], use: 'countByName' },
  { names: ['how'], kinds: ['function', 'member'], rooms: TRACE, use: 'endKind' },
  { names: ['isGone'], use: 'wasTerminated' },
  { names: ['of'], kinds: ['member'], rooms: TRACE, use: 'resource' },

  // Findings.
  { names: ['heldLane'], use: 'blockedEventLoop' },
  { names: ['forgottenTask'], rooms: FINDINGS, use: 'neverAwaited' },
  { names: ['orderNotPromised'], use: 'nondeterministicOrder' },
  { names: ['neverEnded'], rooms: FINDINGS, use: 'neverSettled' },

  // The extension.
  { names: ['Played'], rooms: EXTENSION, use: 'TraceSource' },
  { names: ['Playing'], rooms: EXTENSION, use: 'Subscription' },
  { names: ['Simul'], kinds: ['type', 'file'], rooms: EXTENSION, use: 'Controller' },
  { names: ['Languages'], rooms: EXTENSION, use: 'LanguageServerClient' },
  { names: ['choices'], rooms: EXTENSION, use: 'settings' },

  // The panel.
  { names: ['Stage'], rooms: PANEL, use: 'PanelController' },
  { names: ['DO'], rooms: PANEL, use: 'ACTION_HANDLERS' },
  { names: ['say'], kinds: ['file'], rooms: PANEL, use: 'selection-details' },
  { names: ['walk'], kinds: ['file'], rooms: PANEL, use: 'span-navigation' },
  { names: ['untip'], rooms: PANEL, use: 'hideTooltip' },
  { names: ['Leading'], rooms: PANEL, use: 'LinkRow' },
  { names: ['Words'], rooms: PANEL, use: 'SentenceView' },
  { names: ['wearTheme'], rooms: PANEL, use: 'applyTheme' },
];
