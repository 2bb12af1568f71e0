/**
 * What `node --import` loads into the user's program, once per thread. It puts the instrument
 * together, in this order:
 *
 *   built-ins captured ▸ settings ▸ recorder ▸ probes, where instrumented code finds them ▸ promise
 *   hooks ▸ combinators, Node's promises, ticks, timers, handles ▸ the loader ▸ the main activation
 *   begins
 *
 * Without a folder that can be written, the program runs untraced. A fault of ours switches the
 * instrument off and is recorded; the program goes on.
 */
import { fileURLToPath } from 'node:url';
import { syncBuiltinESMExports } from 'node:module';
import { isAbsolute, join, sep } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, workerData } from 'node:worker_threads';
import { KIND, AGENT_NOTICE } from '../../trace/format/kinds.ts';
import { type Recorder, noRecorder } from '../../recorder/recorder.ts';
import {
  type Recording,
  type SharedRecording,
  joinRecording,
  startRecording,
} from '../../recorder/recording.ts';
import { patchPromiseCombinators } from './patches/promise-combinators.ts';
import { enclosingFunction } from './loader/enclosing-function.ts';
import { isHooksThread, type Loader, installLoader } from './loader/install.ts';
import { namesLibrary } from './loader/library.ts';
import { noteForeignLoaded, whenForeignLoaded } from './loader/foreign-modules.ts';
import { noteLoadedModules, whenNamed } from './loader/named-modules.ts';
import { createHolds, type Holds } from './holds/holds.ts';
import { createBridge, publishBridge } from './probes/library-bridge.ts';
import { LoaderReports } from './lifecycle/loader-reports.ts';
import { beginMainActivation, type MainActivation } from './lifecycle/main-activation.ts';
import { patchIoPromises } from './patches/io-promises.ts';
import { createThreadState } from './state/thread-state.ts';
import { arePublished, type Holding, publishInThisRealm } from './contract/publish-probes.ts';
import { createProbes } from './probes/probes.ts';
import { rehearse } from './probes/rehearsal.ts';
import { recordProcessBegin, watchProcessEnd } from './lifecycle/process-lifecycle.ts';
import { AsyncResources } from './promises/async-resources.ts';
import { createPromiseHooks, installPromiseHooks } from './promises/promise-hooks.ts';
import { segmentBytesOf } from '../../recorder/size-limit.ts';
import { readSettings } from './lifecycle/settings.ts';
import { quietly } from './lifecycle/process-end.ts';
import { GivenEnvironments, ownVariables } from './lifecycle/given-environments.ts';
import { watchStartedPrograms } from './lifecycle/started-programs.ts';
import { Sites } from './state/sites.ts';
import { RingWriter } from '../../recorder/ring-writer.ts';
import { patchTickQueues } from './patches/ticks.ts';
import { patchListeners } from './patches/listeners.ts';
import { watchPipes, type WatchedPipes } from './patches/broken-pipes.ts';
import { watchPipelines } from './patches/pipelines.ts';
import { recordModuleCycles } from './lifecycle/module-cycles.ts';
import { patchTimers } from './patches/timers.ts';
import { UncaughtErrors } from './errors/uncaught-errors.ts';
import { watchMessagePorts } from './peers/message-ports.ts';
import { Peers } from './peers/peers.ts';
import { StartedPeers } from './peers/started-peers.ts';
import { resumeFileOf } from '../../trace/format/stop-events.ts';
import { fileOfFrame } from './stack/frame-file.ts';
import { watchStops } from './stops/stops.ts';
import { watchHandles } from './handles/handles.ts';
import { hideFromReports } from './handles/process-report.ts';
import { watchBeeQueue } from './queues/bee-queue.ts';
import { watchBullMq } from './queues/bullmq.ts';
import { watchConnections } from './connections/connections.ts';

/** Under this key of the environment data, worker threads find what their process shares. */
const SHARED_KEY = 'simul.recording';

interface SharedWithThreads {
  readonly recording: SharedRecording;
  /** The environment of the main thread, as it was at the start. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The text of a worker named the library: no hook is shown it. */
  readonly isLibraryHidden?: boolean;
}

/** What is done once, when the process ends and before its last record. */
export const beforeEnd: (() => void)[] = [];

start();

function start(): void {
  try {
    if (!arePublished()) assemble();
  } catch {
    // The program runs untraced.
  }
}

function assemble(): void {
  const shared = isMainThread
    ? undefined
    : (getEnvironmentData(SHARED_KEY) as unknown as SharedWithThreads | undefined);
  // A worker's environment may be one that the program made.
  const variables = isMainThread ? { ...process.env } : (shared?.variables ?? {});
  const settings = readSettings(variables);
  const recording = openRecording(settings, shared);
  const recorder: Recorder = recording?.writer ?? noRecorder;
  if (recording === null || !recorder.on) return;

  const undo: (() => void)[] = [];
  /** Switches everything off but the probes, which instrumented code goes on calling. */
  function switchOff(error: unknown): void {
    for (const restore of undo.splice(0)) restore();
    const text = recorder.defineText(String(error instanceof Error ? error.stack : error).slice(0, 1000));
    recorder.write(KIND.agent, AGENT_NOTICE.fault, 0, text, 0, 0, 0);
  }

  const state = createThreadState();
  const bridge = createBridge(recorder, state);
  publishBridge(bridge);
  const sites = new Sites(recorder);
  const agentUrl = new URL('.', import.meta.url);
  const agentFolder = fileURLToPath(agentUrl);
  const errors = new UncaughtErrors(recorder, state, sites, agentFolder);
  const peers = new Peers(recorder, state, errors);
  const asyncResources =
    settings.depth === 'full' ? new AsyncResources(recorder, (thing) => peers.resourceOf(thing)) : null;
  const handles = watchHandles({ recorder, state, errors, functionAt: enclosingFunction });
  undo.push(handles.restore);
  const nodeDebug = variables['NODE_DEBUG'] ?? '';
  const { origins } = handles;
  const connections = watchConnections({ recorder, state, errors, origins, nodeDebug, whenNamed });
  undo.push(connections.restore);
  const queueOptions = { recorder, bridge, errors, whenLoaded: whenForeignLoaded };
  undo.push(watchBullMq(queueOptions), watchBeeQueue(queueOptions));
  const seesValues = settings.values;
  const liveProbes = createProbes({ recorder, state, sites, bridge, asyncResources, errors, seesValues });
  whenNamed(['async_hooks'], () => undo.push(liveProbes.contexts.watch()), true);
  let helperThread: unknown = null;
  let main: MainActivation | null = null;
  let loader: Loader | null = null;
  const reports = new LoaderReports(recorder);

  const { file } = liveProbes;
  /** Paths, in a program that is debugged. */
  const probedFiles: string[] = [];
  const ownFolder = fileURLToPath(new URL('../', agentUrl));
  /** The library is no file of the program's, though it is loaded like one. */
  function noteProbedFile(path: string): void {
    const isOwn = path.startsWith(ownFolder) || path.includes(`node_modules${sep}simul${sep}`);
    // The rehearsal names a file that is none.
    if (isAbsolute(path) && !isOwn) probedFiles.push(path);
  }
  liveProbes.file = (path, table) => {
    main?.onProbe();
    noteLoadedModules();
    noteForeignLoaded();
    catchUp();
    if (settings.isDebugged) noteProbedFile(fileOfFrame(path) ?? path);
    return file(path, table);
  };
  const { writer, stand } = recording;
  if (isMainThread) {
    bridge.beginInspecting = () => stand.beginInspecting();
    // The profiler is a session, too.
    if (settings.profilesCpu) stand.beginInspecting();
    else whenNamed('inspector', () => stand.beginInspecting(), true);
  }
  let holding: Holding | null = null;
  if (settings.isDebugged && isMainThread && writer instanceof RingWriter) {
    // V8's inspector is the debugger's: the helper thread asks nothing by it.
    stand.beginInspecting();
    const isForeign = (line: string): boolean => !probedFiles.some((path) => line.includes(path));
    const hasUserFrame = (): boolean => errors.stackHere(isForeign).frame !== null;
    const resumeFile = join(settings.folder, resumeFileOf(process.pid));
    const stops = watchStops({ writer, state, resumeFile, hasUserFrame });
    stops.arm(settings.stopEvents);
    stops.watchProbes(liveProbes);
    bridge.stops = stops;
    holding = stops.held;
  }
  let holds: Holds | null = null;
  if (writer instanceof RingWriter) {
    const poolSize = variables['UV_THREADPOOL_SIZE'];
    const beginWrite = (args: readonly unknown[], name: string): (() => void) =>
      handles.writes.begin(args, name);
    holds = createHolds({ writer, state, errors, stand, agentFolder, poolSize, whenNamed, beginWrite });
    liveProbes.held = holds.answer;
  }
  const hooks =
    asyncResources === null ? null : createPromiseHooks(state, asyncResources, liveProbes, switchOff);
  const realm = publishInThisRealm(liveProbes, agentFolder, holding);
  recording.writer?.rehearse(() => rehearse(realm, liveProbes, hooks));
  asyncResources?.forget();

  const startedPeers = new StartedPeers(peers, fileURLToPath(new URL('../', import.meta.url)));
  recordProcessBegin(recorder);
  watchProcessEnd({
    recording,
    recorder,
    state,
    errors,
    helperThread: () => helperThread,
    beforeEnd: endMain,
    reportEnd: handles.reportEnd,
    peers: {
      onMessage: () => startedPeers.noteMessage(process),
      onSignal: (signal) => peers.noteSignalReceived(signal, asyncResources?.signal() ?? 0),
      onSignalSent: (pid, signal) => peers.noteSignalSent(pid, signal),
      resourceOf: (worker) => peers.resourceOf(worker),
    },
    hasOpenModules: () => liveProbes.openModules().length > 0,
    noteStuckModules: () => {
      const modules = liveProbes.openModules().map(({ id, base }) => ({ id, path: sites.file(base) }));
      recordModuleCycles(modules, reports.ownFiles(), recorder);
    },
    showUserLines: (cause) => loader?.showUserLines(cause),
  });
  function endMain(isUncaught: boolean): void {
    // What fails in one of them must not cost the others, nor the record of the end.
    const tasks = [
      () => hooks?.endAdopted(),
      () => main?.end(isUncaught),
      () => loader?.catchUp(),
      () => reports.recordSeen(),
      () => holds?.end(),
      () => connections.report(),
      ...beforeEnd.splice(0),
    ];
    for (const task of tasks) quietly(task);
  }
  function catchUp(): void {
    loader?.catchUp();
    // A CommonJS entry does not wait for the hooks thread.
    if (main === null || loader === null || main.isOver() || process.mainModule !== undefined) return;
    reports.entryLoaded(main.beganNs, loader.answeredNs());
  }
  let pipes: WatchedPipes | null = null;
  if (isMainThread) {
    const reportLive = (): void => {
      quietly(() => handles.reportLive());
      quietly(() => connections.report());
      quietly(() => liveProbes.streams.report());
      quietly(() => pipes?.report());
      quietly(() => liveProbes.resolvers.scanQuietly());
    };
    const shipper = recording.startShipper(new URL('./shipper.cjs', import.meta.url), reportLive);
    if (shipper !== null) undo.push(hideFromReports(shipper));
    helperThread = shipper;
  }
  if (asyncResources !== null && hooks !== null) {
    undo.push(installPromiseHooks(hooks));
    undo.push(patchPromiseCombinators(state, liveProbes));
    const pipelines = watchPipelines(recorder, errors);
    const watchedPipes = watchPipes(recorder, errors, liveProbes.unread.awaitedAt);
    pipes = watchedPipes;
    undo.push(pipelines.undo, watchedPipes.undo);
    undo.push(
      patchIoPromises(state, recorder, {
        pipeline: pipelines.watch,
        ...handles.fileCalls,
        once: ([emitter, name]) => liveProbes.noteLateListener(emitter, name, () => errors.siteHere()),
      }),
    );
    undo.push(patchTickQueues(state, asyncResources, holds?.ticks ?? null));
    undo.push(patchListeners(liveProbes, errors));
    beforeEnd.push(
      () => pipelines.end(),
      () => liveProbes.resolvers.scan(),
      () => liveProbes.streams.report(),
      () => liveProbes.lists.end(),
      () => watchedPipes.report(),
      () => liveProbes.growth.end(),
    );
  }
  const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
  const sharedRecording = recording.shared;
  const environments = new GivenEnvironments(recorder, variables, preload);
  let isLibraryHidden = shared?.isLibraryHidden === true;
  const onWorkerText = (text: string): void => {
    if (isLibraryHidden || !namesLibrary(text)) return;
    isLibraryHidden = true;
    shareWithThreads();
  };
  undo.push(
    watchStartedPrograms(environments, recording.shared.place.folder, {
      onWorkerText,
      onWorker(worker, options) {
        handles.onWorker(worker);
        startedPeers.addWorker(worker, options, handles.siteOf(worker));
      },
      onChild: handles.onChild,
      onChildStarted: (child) => startedPeers.addChild(child, handles.siteOf(child)),
      onChildMessage: (child) => startedPeers.noteMessage(child),
      onKill: (pid, signal) => peers.noteKill(pid, signal),
    }),
  );
  const restorePorts = watchMessagePorts(peers);
  if (restorePorts !== null) undo.push(restorePorts);
  startedPeers.addParent();
  undo.push(patchTimers(state, liveProbes, recorder, asyncResources !== null, handles));
  if (holds !== null) undo.push(holds.watchCalls());
  syncBuiltinESMExports();

  // The loader makes the thread on which Node 20 runs load hooks: that must find no recording.
  setEnvironmentData(SHARED_KEY);
  loader = installLoader(
    {
      agentUrl: agentUrl.href,
      depth: settings.depth,
      generators: settings.generators,
      compiles: settings.compiles,
      ...(settings.cacheDir === '' ? {} : { cacheDir: settings.cacheDir }),
      hooksThreadUrl: new URL('./hooks.js', import.meta.url).href,
      libraryUrl: new URL('../', import.meta.url).href,
      isLibraryHidden,
      program: process.argv[1] ?? join(process.cwd(), 'program'),
      ...(isMainThread ? { standWords: stand.words } : {}),
    },
    reports.onFile,
  );
  errors.start();
  const own = ownVariables(variables);
  function shareWithThreads(): void {
    const toThreads: SharedWithThreads = { recording: sharedRecording, variables: own, isLibraryHidden };
    setEnvironmentData(SHARED_KEY, toThreads as unknown as Parameters<typeof setEnvironmentData>[1]);
  }
  shareWithThreads();
  if (settings.profilesCpu && holds !== null) undo.push(holds.profile());
  main = beginMainActivation(liveProbes, recorder, 0, catchUp);
  bridge.beginWork = () => main?.end();
  reports.mainBegan(main.beganNs, process.argv[1] ?? '');
}

function openRecording(
  settings: ReturnType<typeof readSettings>,
  shared: SharedWithThreads | undefined,
): Recording | null {
  if (settings.folder === '' || isHooksThread()) return null;
  if (isMainThread) {
    return startRecording({
      folder: settings.folder,
      whenFull: settings.whenFull,
      limits: { totalBytes: settings.limitBytes, segmentBytes: segmentBytesOf(settings.limitBytes) },
    });
  }
  // The helper thread and Node's own threads do not belong to the program.
  if ((workerData as { simul?: unknown } | null)?.simul === 'shipper') return null;
  return shared === undefined ? null : joinRecording(shared.recording);
}
