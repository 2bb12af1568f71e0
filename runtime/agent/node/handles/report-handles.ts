/**
 * Writes what the handles say into the recording, as facts: what keeps the process alive when the
 * helper thread asks for it (recorder/quiet-watch.ts), and at the end what was cut off and which
 * timers could not keep the process alive; at both times the requests that nobody has answered.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { HttpRequests, UnansweredRequest } from './http-requests.ts';
import type { LiveHandles } from './live-handles.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { UnwrittenOutputs } from './unwritten-output.ts';
import type { WatchedTimers } from './watched-timers.ts';

const MAX_HANDLES = 20;
const MAX_TIMERS = 20;
const MAX_OUTPUTS = 5;
const MAX_AMOUNT = 2 ** 32 - 1;

/** What is asked. */
export interface HandleSources {
  readonly handles: LiveHandles;
  readonly timers: WatchedTimers;
  readonly outputs: UnwrittenOutputs;
  readonly requests: HttpRequests;
  readonly writes: PendingWrites;
}

export class HandleReports {
  readonly #recorder: Recorder;
  readonly #handles: LiveHandles;
  readonly #timers: WatchedTimers;
  readonly #outputs: UnwrittenOutputs;
  readonly #requests: HttpRequests;
  readonly #writes: PendingWrites;
  #lastReport = '';

  constructor(recorder: Recorder, { handles, timers, outputs, requests, writes }: HandleSources) {
    this.#recorder = recorder;
    this.#handles = handles;
    this.#timers = timers;
    this.#outputs = outputs;
    this.#requests = requests;
    this.#writes = writes;
  }

  /**
   * Nothing happens, and the process does not end: writes what it waits for, with one time. One
   * record says that this is as it was the last time: a program may wake each second for days.
   */
  reportLive(): void {
    const recorder = this.#recorder;
    if (this.#requests.areComing()) return;
    const handles = this.#handles
      .list()
      .sort((a, b) => Number(b.site > 0) - Number(a.site > 0))
      .slice(0, MAX_HANDLES);
    const requests = this.#requests.unanswered(false);
    if (handles.length + requests.length === 0) return;
    const all = JSON.stringify([handles, requests]);
    if (all === this.#lastReport) {
      recorder.write(KIND.fact, FACT['keeps-alive'], 0, 0, 0, 0, 0);
      return;
    }
    this.#lastReport = all;
    const rows = handles.map((handle) => ({ ...handle, text: recorder.defineText(handle.text) }));
    const texts = requests.map(({ text }) => recorder.defineText(text));
    const nowNs = recorder.clock();
    for (const { text, site, laterSite, creator, port } of rows)
      recorder.writeAt(nowNs, KIND.fact, FACT['keeps-alive'], creator, site, text, laterSite, port);
    requests.forEach((request, i) => this.#writeRequest(nowNs, request, texts[i]!));
  }

  /** @param text the request's, defined before */
  #writeRequest(nowNs: bigint, request: UnansweredRequest, text: number): void {
    const recorder = this.#recorder;
    const { site, lastLine, beganNs, leftNs } = request;
    recorder.writeAt(nowNs, KIND.fact, FACT['never-answered'], 0, site, text, 0, lastLine);
    if (leftNs === 0) return;
    const since = (ns: number): number => Math.floor((Number(nowNs) - ns) / 1000);
    const came = recorder.defineText(String(since(beganNs)));
    const amount = Math.min(since(leftNs), MAX_AMOUNT);
    recorder.writeAt(nowNs, KIND.fact, FACT['client-left'], 0, 0, came, 0, amount);
  }

  /** @param exitSite id of the site that called for the end; −1: nobody did */
  reportEnd(exitSite: number): void {
    const recorder = this.#recorder;
    for (const request of this.#requests.unanswered(true)) {
      const text = recorder.defineText(request.text);
      this.#writeRequest(recorder.clock(), request, text);
    }
    if (exitSite >= 0) {
      for (const { text, bytes } of this.#outputs.list().slice(0, MAX_OUTPUTS)) {
        const amount = Math.min(bytes, MAX_AMOUNT);
        recorder.write(KIND.fact, FACT['cut-off'], 0, exitSite, recorder.defineText(text), 0, amount);
      }
      for (const { path, site } of this.#writes.list().slice(0, MAX_OUTPUTS)) {
        const text = recorder.defineText(`the file ${path.slice(path.search(/[^\\/]*$/))}`);
        recorder.write(KIND.fact, FACT['cut-off'], 0, exitSite, text, site, 0);
      }
      return;
    }
    for (const { text, site, creator } of this.#timers.unrefed().slice(0, MAX_TIMERS))
      recorder.write(KIND.fact, FACT['unref-timer'], creator, site, recorder.defineText(text), 0, 0);
  }
}
