/**
 * Where a function stands: V8 knows, and tells it through Node's inspector, in this process, without a port. Asked once for each function.
 * null where there is no inspector (built without, or refused by the permission model).
 */
import type { Session } from 'node:inspector';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface FunctionLocation {
  /** URL of the script, as V8 has it: a `file:` URL, or `evalmachine.<anonymous>`, … */
  readonly url: string;
  /** The script's text as it runs: types are gone. */
  readonly source: string;
  /** Offset of the function's text in it. */
  readonly at: number;
  /** 0-based, of that offset. */
  readonly line: number;
  readonly column: number;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

const ASKED = 'simul.asked';
const urls = new Map<string, string>();
const sources = new Map<string, string>();

export function locateFunction(fn: object): FunctionLocation | null {
  const session = open();
  if (session === null) return null;
  try {
    const location = locationOf(session, fn);
    if (location === null) return null;
    const { scriptId } = location;
    const text = Function.prototype.toString.call(fn);
    // The text as it runs is told in 10 to 100 ms; often it is the file's.
    const url = urlOf(session, scriptId);
    const onDisk = sources.has(scriptId) ? null : placeIn(fileAt(url), url, text, location);
    return onDisk ?? placeIn(sourceOf(session, scriptId), url, text, location);
  } catch {
    return null;
  } finally {
    session.disconnect();
  }
}

/** Nothing tells a script's URL by itself; what was run of it is told with it, in a few ms, for all scripts at once. */
function urlOf(session: Session, scriptId: string): string {
  if (!urls.has(scriptId)) {
    session.post('Profiler.enable');
    const scripts = ask(session, 'Profiler.getBestEffortCoverage', {})['result'];
    for (const script of scripts as { scriptId: string; url: string }[])
      urls.set(script.scriptId, normal(script.url));
    session.post('Profiler.disable');
  }
  return urls.get(scriptId) ?? '';
}

function sourceOf(session: Session, scriptId: string): string {
  let source = sources.get(scriptId);
  if (source === undefined) {
    session.post('Debugger.enable');
    source = ask(session, 'Debugger.getScriptSource', { scriptId })['scriptSource'] as string;
    sources.set(scriptId, source);
  }
  return source;
}

function fileAt(url: string): string {
  const path = pathOfUrl(url);
  try {
    return path === null ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function open(): Session | null {
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    const session = new inspector.Session();
    session.connect();
    return session;
  } catch {
    return null;
  }
}

function locationOf(session: Session, fn: object): Location | null {
  const key = Symbol.for(ASKED);
  Object.defineProperty(globalThis, key, { value: fn, configurable: true });
  try {
    const { objectId } = ask(session, 'Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(ASKED)})]`,
    })['result'] as { objectId: string };
    const { internalProperties } = ask(session, 'Runtime.getProperties', {
      objectId,
      ownProperties: true,
    }) as unknown as { internalProperties: { name: string; value?: { value?: unknown } }[] };
    const found = internalProperties.find(({ name }) => name === '[[FunctionLocation]]');
    return (found?.value?.value as Location | undefined) ?? null;
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
}

/** Answers come before `post` returns: the inspector is on this thread. */
function ask(session: Session, method: string, params: object): Record<string, unknown> {
  let answer: Record<string, unknown> = {};
  session.post(method, params, (error: Error | null, result?: object) => {
    if (error === null) answer = result as Record<string, unknown>;
  });
  return answer;
}

function placeIn(source: string, url: string, text: string, location: Location): FunctionLocation | null {
  let offset = 0;
  for (let line = 0; line < location.lineNumber; line++) offset = source.indexOf('\n', offset) + 1;
  offset += location.columnNumber;
  // V8 names the place of the parameters; the text begins before them, and holds them.
  const at = source.lastIndexOf(text, offset);
  if (at < 0 || at + text.length < offset) return null;
  const before = source.slice(0, at).split('\n');
  return { url, source, at, line: before.length - 1, column: before.at(-1)!.length };
}

/** CommonJS scripts have paths for URLs on some versions of Node. */
function normal(url: string): string {
  if (!url.startsWith('/') && !/^[a-zA-Z]:\\/.test(url)) return url;
  return process.getBuiltinModule('node:url').pathToFileURL(url).href;
}

export function pathOfUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
