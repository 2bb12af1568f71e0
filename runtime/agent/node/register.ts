/**
 * What `node --import` loads into the user's program, once a thread: puts the instrument together, in this order:
 *
 *   built-ins captured ▸ settings ▸ recorder ▸ probes where instrumented code finds them ▸ promise hooks
 *   ▸ groups, Node's promises, ticks, timers ▸ the main body begins ▸ the loader
 *
 * Without a folder that can be written the probes stand but record nothing. A fault of ours anywhere switches the instrument off,
 * says so in the recording, and the program goes on.
 */
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, workerData } from 'node:worker_threads';
import { AGENT_NEWS, K, numberOf } from '../../trace/format/kinds.ts';
import { type Recorder, noRecorder } from '../../recorder/recorder.ts';
import {
  type Recording,
  type SharedRecording,
  joinRecording,
  startRecording,
} from '../../recorder/recording.ts';
import { watchGroups } from './groups.ts';
import { type Loader, installLoader } from './loader/install.ts';
import { createLane, publish } from './lane.ts';
import { LoaderNews } from './loader-news.ts';
import { beginMainBody, type MainBody } from './main-body.ts';
import { nameKnownPromises } from './known-promises.ts';
import { Moment } from './moment.ts';
import { idleProbes } from './idle-probes.ts';
import type { ProbeSet } from './probe-set.ts';
import { createProbes } from './probes.ts';
import { sayBegin, watchLife } from './process-life.ts';
import { Roots, watchPromises } from './promises.ts';
import { readSettings } from './settings.ts';
import { Sites } from './sites.ts';
import { carryTicks } from './ticks.ts';
import { watchTimers } from './timers.ts';
import { UnseenErrors } from './unseen-errors.ts';

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
    return idleProbes;
  }
}

function instrument(): { readonly probes: ProbeSet; readonly load: () => void } {
  const settings = readSettings(process.env);
  const recording = openRecording(settings);
  const recorder: Recorder = recording?.writer ?? noRecorder;
  if (recording === null || !recorder.on) return { probes: idleProbes, load: () => {} };

  const undo: (() => void)[] = [];
  /** Switches everything off but the probes' names, which instrumented code goes on calling. */
  function fault(error: unknown): void {
    for (const back of undo.splice(0)) back();
    const text = recorder.text(String(error instanceof Error ? error.stack : error).slice(0, 1000));
    recorder.write(K.agent, numberOf(AGENT_NEWS, 'fault'), 0, text, 0, 0, 0);
  }

  const moment = new Moment();
  const roots = settings.depth === 'full' ? new Roots(recorder) : null;
  const lane = createLane(recorder, moment);
  publish(lane);
  const sites = new Sites(recorder);
  const errors = new UnseenErrors(recorder, moment, sites);
  const made = createProbes({ recorder, moment, sites, lane, roots, errors });
  let helper: unknown = null;
  let main: MainBody | null = null;
  let loader: Loader | null = null;
  const news = new LoaderNews(recorder);

  sayBegin(recorder);
  watchLife({ recording, recorder, moment, errors, helper: () => helper, ending });
  function ending(): void {
    main?.end();
    loader?.catchUp();
    news.say();
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
    undo.push(watchPromises(moment, roots, made, fault));
    undo.push(watchGroups(moment, made));
    undo.push(nameKnownPromises(moment, recorder));
    undo.push(carryTicks(moment, roots));
  }
  undo.push(watchTimers(moment, made, recorder, roots !== null));
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
      main = beginMainBody(made, recorder, 0, catchUp);
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
