/** What the editor's configuration asks for. */
import { parseTime } from '../trace/queries/parse-time.ts';
import type { Arguments } from './arguments.ts';
import { shorten } from './editor-link.ts';
import { RequestError } from './request-error.ts';

export interface LaunchArguments {
  /** A saved trace, or the folder of a recording. */
  readonly recording: string;
  /** Where the session begins; a number is ns from the recording's start. */
  readonly at: number | 'start' | 'end';
  /** The sources in these may be shown. */
  readonly folders: readonly string[];
  /** Index in the trace; null: the first, with sessions for the others. */
  readonly process: number | null;
}

/** @throws RequestError */
export function readLaunchArguments(args: Arguments): LaunchArguments {
  const at = args.optionalText('at') ?? 'start';
  const time = at === 'start' || at === 'end' ? at : parseTime(at);
  if (time === null)
    throw new RequestError(`"at" is "start", "end" or a time like "1.2 s"; it is "${shorten(at)}"`);
  return {
    recording: args.text('recording'),
    at: time,
    folders: args.texts('folders'),
    process: args.optionalInteger('process') ?? null,
  };
}
