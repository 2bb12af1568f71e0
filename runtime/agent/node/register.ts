/**
 * What `node --import` loads into the user's program, once a thread: puts the instrument together, in this order:
 *
 *   built-ins captured ▸ settings ▸ recorder ▸ probes where instrumented code finds them ▸ promise hooks
 *   ▸ groups, Node's promises, ticks, timers ▸ the main body begins ▸ the loader
 *
 * Without a folder that can be written the probes stand but record nothing. A fault of ours anywhere switches the instrument off,
 * says so in the recording, and the program goes on.
 */
import { fileURLToPath } from 'node:url';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
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
import { type Loader, installLoader } from './loader/install.ts';
import { createBridge, publishBridge } from './probes/library-bridge.ts';
import { LoaderReports } from './lifecycle/loader-reports.ts';
import { beginMainActivation, type MainActivation } from './lifecycle/main-activation.ts';
import { patchIoPromises } from './patches/io-promises.ts';
import { ThreadState } from './state/thread-state.ts';
import { noProbes } from './contract/no-probes.ts';
import type { ProbeSet } from './contract/probe-set.ts';
import { createProbes } from './probes/probes.ts';
import { recordProcessBegin, watchProcessEnd } from './lifecycle/process-lifecycle.ts';
import { AsyncResources, installPromiseHooks } from './promises/promise-hooks.ts';
import { readSettings } from './lifecycle/settings.ts';
import { Sites } from './state/sites.ts';
import { patchNextTick } from './patches/ticks.ts';
import { patchTimers } from './patches/timers.ts';
import { UncaughtErrors } from './errors/uncaught-errors.ts';

const SHARED = 'simul.recording';

/** What instrumented ES modules import; CommonJS finds the same under `Symbol.for('simul.probes')`. */
export const probes: ProbeSet = start();

function start(): ProbeSet {
  try {
    const known: unknown = Reflect.get(globalThis, Symbol.for('simul.probes'));
    if (known !== undefined) return known as ProbeSet;
    const ready = instrument();
    Object.defineProperty(globalThis, Symbol.for('simul.probes'), {
      value: ready.probes,
      enumerable: false,
      configurable: true,
    });
    ready.load();
    return ready.probes;
  } catch {
    return noProbes;
  }
}

function instrument(): { readonly probes: ProbeSet; readonly load: () => void } {
  const settings = readSettings(process.env);
  const recording = openRecording(settings);
  const recorder: Recorder = recording?.writer ?? noRecorder;
  if (recording === null || !recorder.on) return { probes: noProbes, load: () => {} };

  const undo: (() => void)[] = [];
  /** Switches everything off but the probes' names, which instrumented code goes on calling. */
  function fault(error: unknown): void {
    for (const back of undo.splice(0)) back();
    const text = recorder.text(String(error instanceof Error ? error.stack : error).slice(0, 1000));
    recorder.write(KIND.agent, AGENT_NOTICE.fault, 0, text, 0, 0, 0);
  }

  const moment = new ThreadState();
  const roots = settings.depth === 'full' ? new AsyncResources(recorder) : null;
  const lane = createBridge(recorder, moment);
  publishBridge(lane);
  const sites = new Sites(recorder);
  const errors = new UncaughtErrors(recorder, moment, sites, fileURLToPath(new URL('.', import.meta.url)));
  const made = createProbes({ recorder, state: moment, sites, bridge: lane, asyncResources: roots, errors });
  let helper: unknown = null;
  let main: MainActivation | null = null;
  let loader: Loader | null = null;
  const news = new LoaderReports(recorder);

  recordProcessBegin(recorder);
  watchProcessEnd({ recording, recorder, moment, errors, helper: () => helper, ending });
  function ending(): void {
    main?.end();
    loader?.catchUp();
    news.write();
  }
  function catchUp(): void {
    loader?.catchUp();
    // A CommonJS entry runs without the hooks thread: that works beside it.
    if (main === null || loader === null || main.over() || process.mainModule !== undefined) return;
    news.entryLoaded(main.beganNs, loader.answeredNs());
  }
  if (isMainThread) {
    helper = recording.startShipper(new URL('./shipper.js', import.meta.url));
  }
  if (roots !== null) {
    undo.push(installPromiseHooks(moment, roots, made, fault));
    undo.push(patchPromiseCombinators(moment, made));
    undo.push(patchIoPromises(moment, recorder));
    undo.push(patchNextTick(moment, roots));
  }
  undo.push(patchTimers(moment, made, recorder, roots !== null));
  syncBuiltinESMExports();

  const { file } = made;
  made.file = (path, table) => {
    main?.firstProbe();
    catchUp();
    return file(path, table);
  };

  return {
    probes: made,
    load: () => {
      // The thread on which Node 20 runs load hooks is made here, and must find nothing to record into.
      setEnvironmentData(SHARED);
      loader = installLoader(
        {
          probesUrl: new URL('./probes.js', import.meta.url).href,
          ...(settings.cacheDir === '' ? {} : { cacheDir: settings.cacheDir }),
          hooksThreadUrl: new URL('./hooks.js', import.meta.url).href,
          libraryUrl: new URL('../', import.meta.url).href,
          program: process.argv[1] ?? join(process.cwd(), 'program'),
        },
        news.onFile,
      );
      errors.start();
      setEnvironmentData(SHARED, recording.shared as unknown as Parameters<typeof setEnvironmentData>[1]);
      main = beginMainActivation(made, recorder, 0, catchUp);
    },
  };
}

function openRecording(settings: ReturnType<typeof readSettings>): Recording | null {
  if (settings.folder === '') return null;
  if (isMainThread) {
    return startRecording({
      folder: settings.folder,
      whenFull: settings.whenFull,
      limits: { totalBytes: settings.limitBytes },
    });
  }
  // The helper thread and Node's own threads are none of the program's.
  if ((workerData as { simul?: unknown } | null)?.simul === 'shipper') return null;
  const shared = getEnvironmentData(SHARED) as unknown as SharedRecording | undefined;
  return shared === undefined ? null : joinRecording(shared);
}
