/**
 * What the extension and its language server say to each other: two notifications, one request and
 * the lens's command. The server reads the recording's files itself: only their place travels.
 */

/** Which recording is the current one: hints and hovers speak of it. */
export const RECORDING_NOTIFICATION = 'simul/recording';

export interface RecordingNotice {
  /** The folder of the recording; null: none. */
  readonly folder: string | null;
  /** Nothing more is written to it. */
  readonly ended: boolean;
  /**
   * Paths of folders: places elsewhere are not listed as problems, since a click would open them.
   * Absent: all are, for this window ran the program.
   */
  readonly within?: readonly string[];
}

const MAX_SILENCED = 1000;

/** The user's settings that the server needs. */
export const SETTINGS_NOTIFICATION = 'simul/settings';

export interface SettingsNotice {
  /** Lenses on runnable files. */
  readonly lenses: boolean;
  /** Inlay hints on awaits. */
  readonly hints: boolean;
  /** Names of rules whose findings are no problems. */
  readonly silenced: readonly string[];
}

/**
 * A request to save a recording as a trace file, answered by a `SaveAnswer`. The server does it
 * because compressing must not hold up the editor. It can be cancelled, and leaves nothing then.
 */
export const SAVE_REQUEST = 'simul/save';

export interface SaveRequest {
  /** Folder of the recording, or path of a saved trace. */
  readonly folder: string;
  /** Path of the file to write. */
  readonly file: string;
  /** Only so many seconds before the end; absent: all. */
  readonly lastSeconds?: number;
  /**
   * Literals, messages, arguments and paths above this folder are left out; absent: nothing is.
   */
  readonly redactFrom?: string;
  /** With `redactFrom`: names become numbers, too. */
  readonly masksNames?: boolean;
  /** As a page with the panel in it; absent: as a trace file. */
  readonly asReport?: boolean;
  /** Recordings or saved traces that go into the same trace file, of other machines, too. */
  readonly with?: readonly string[];
}

export type SaveAnswer =
  | {
      readonly saved: true;
      readonly records: number;
      readonly bytes: number;
      readonly troubles: readonly string[];
      /** Of several machines: how well their clocks are known, a sentence each. */
      readonly clocks?: readonly string[];
    }
  | {
      readonly saved: false;
      readonly words: string;
      /** The user wanted it no more. */
      readonly wasCancelled?: true;
    };

/** What every task does now, of the current recording: a `MomentView`; null: there is none. */
export const PRESENT_REQUEST = 'simul/present';

/** The server's: more of the current recording was read, or it has come to its end. */
export const CHANGED_NOTIFICATION = 'simul/changed';

export interface ChangedNotice {
  readonly folder: string;
  /** Nothing more will come. */
  readonly isOver: boolean;
}

/** The command that silences a finding: it asks for the reason. Its argument: a SilenceRequest. */
export const SILENCE_COMMAND = 'simul.silenceFinding';

export interface SilenceRequest {
  readonly uri: string;
  /** Of the document that the line was found in. */
  readonly version: number;
  /** 0-based; the comment gets a line of its own before it. */
  readonly line: number;
  readonly indent: string;
  readonly rule: string;
}

/** Null: it is no such request. */
export function readSilenceRequest(value: unknown): SilenceRequest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { uri, version, line, indent, rule } = value as Record<string, unknown>;
  if (typeof uri !== 'string' || !isCount(version) || !isCount(line)) return null;
  if (typeof indent !== 'string' || !/^[ \t]*$/.test(indent)) return null;
  return typeof rule === 'string' && /^[a-z-]+$/.test(rule) ? { uri, version, line, indent, rule } : null;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The command of the lens above a test. Its argument: a TestRequest. */
export const TEST_COMMAND = 'simul.traceTest';

export interface TestRequest {
  readonly uri: string;
  /** The titles of the groups around the test and its own; empty: all tests of the file. */
  readonly titles: readonly string[];
}

/** Null: it is no such request. */
export function readTestRequest(value: unknown): TestRequest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { uri, titles } = value as Record<string, unknown>;
  if (typeof uri !== 'string' || !uri.startsWith('file:') || !Array.isArray(titles)) return null;
  return titles.every((title) => typeof title === 'string') ? { uri, titles } : null;
}

/** The command that a lens runs: one argument, the document's URI as text. */
export const TRACE_COMMAND = 'simul.traceCurrentFile';

export function readRecordingNotice(value: unknown): RecordingNotice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { folder, ended, within } = value as Record<string, unknown>;
  if (folder !== null && !isPath(folder)) return null;
  const notice = { folder, ended: ended === true };
  return Array.isArray(within) ? { ...notice, within: within.filter(isPath) } : notice;
}

export function readSettingsNotice(value: unknown): SettingsNotice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { lenses, hints, silenced } = value as Record<string, unknown>;
  if (typeof lenses !== 'boolean' || typeof hints !== 'boolean') return null;
  const rules: readonly unknown[] = Array.isArray(silenced) ? silenced.slice(0, MAX_SILENCED) : [];
  return { lenses, hints, silenced: rules.filter((rule) => typeof rule === 'string') };
}

export function readSaveRequest(value: unknown): SaveRequest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { folder, file, lastSeconds, redactFrom, masksNames, asReport, ...more } = value as Record<
    string,
    unknown
  >;
  if (!isPath(folder) || !isPath(file)) return null;
  if (lastSeconds !== undefined && !(typeof lastSeconds === 'number' && lastSeconds >= 0)) return null;
  if (redactFrom !== undefined && !isPath(redactFrom)) return null;
  const others = more['with'];
  if (others !== undefined && !(Array.isArray(others) && others.length <= MAX_MERGED && others.every(isPath)))
    return null;
  return {
    folder,
    file,
    ...(lastSeconds === undefined ? {} : { lastSeconds }),
    ...(redactFrom === undefined ? {} : { redactFrom }),
    ...(masksNames === true ? { masksNames } : {}),
    ...(asReport === true ? { asReport } : {}),
    ...(others === undefined ? {} : { with: others }),
  };
}

const MAX_MERGED = 1000;

const isPath = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 4096 && !value.includes('\0');
