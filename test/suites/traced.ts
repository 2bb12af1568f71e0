/** What a trace of a suite holds: of the package's own code, and what is missing. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { relative, sep } from 'node:path';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { AGENT_NOTICE } from '../../runtime/trace/format/kinds.ts';
import type { Observer } from '../../runtime/trace/fold/observer.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import type { Suite } from './suite.ts';

export interface Traced {
  /** Of the package's own code, its tests left out. */
  readonly files: number;
  readonly tasks: number;
  readonly waits: number;
  /** Its files that the trace names as not seen into. */
  readonly named: number;
  readonly records: number;
  readonly lost: number;
  readonly problems: number;
  /** What the agent says that it did not see, each sentence once; damage of the recording. */
  readonly troubles: readonly string[];
}

export function readTraced(recording: string, suite: Suite, place: string): Traced {
  const trace = new Trace();
  const waitsAt = new Map<number, number>();
  const waits: Observer = {
    waitEnded: ({ site }) => void waitsAt.set(site, (waitsAt.get(site) ?? 0) + 1),
  };
  const opened = openTrace(recording, [waits], trace);
  const isOwnPath = ownPaths(suite, place);
  const isOwn = trace.sites.map(({ file }) => isOwnPath(file));
  let tasks = 0;
  const files = new Set<string>();
  for (let i = 0; i < trace.tasks.count; i++) {
    const site = trace.tasks.site[i]!;
    if (isOwn[site] !== true) continue;
    tasks++;
    files.add(trace.sites[site]!.file);
  }
  const ownWaits = [...waitsAt].reduce((sum, [site, count]) => sum + (isOwn[site] === true ? count : 0), 0);
  const notices = trace.processes
    .flatMap((process) => process.notices)
    .filter(({ kind }) => kind !== AGENT_NOTICE.seen)
    .map(({ text }) => text);
  const named = new Set(notices.filter((text) => isOwnPath(text.split(' could not be ')[0]!)));
  return {
    files: files.size,
    named: named.size,
    tasks,
    waits: ownWaits,
    records: trace.events,
    lost: trace.lost,
    problems: trace.problemCount,
    troubles: [...new Set([...notices, ...(typeof opened === 'string' ? [opened] : opened.troubles)])],
  };
}

/** Whether a file, as recorded, is of the package's own code. */
function ownPaths({ source }: Suite, place: string): (file: string) => boolean {
  const root = realpathSync(place);
  return (file) => {
    const path = relative(root, file.startsWith('file:') ? fileURLToPath(file) : file);
    return !/(?:^|[/\\])(?:node_modules|\.venv)[/\\]/.test(path) && source.test(path.split(sep).join('/'));
  };
}
