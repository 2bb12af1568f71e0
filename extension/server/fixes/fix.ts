/**
 * A fix is a change to one file that mends what a finding says, where mending is mechanical. It is
 * made from the parser's tree of the text as it is. What cannot be told from the tree makes no fix.
 */
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import type { SiteInfo } from '../../../runtime/trace/model/trace.ts';
import type { SourceFile } from './source-file.ts';

/** UTF-16 offsets into the text; `start` = `end` inserts. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fix {
  /** What it does, as a menu shows it. */
  readonly title: string;
  /** None of them overlaps another. */
  readonly changes: readonly TextChange[];
}

export interface FixRequest {
  readonly source: SourceFile;
  readonly finding: Finding;
  /** The finding's sites in this file, as in `Finding.sites`. */
  readonly sites: readonly SiteInfo[];
}

/** @returns [] where the text is not of a form that it knows */
export type MakeFixes = (request: FixRequest) => readonly Fix[];

export const insertion = (at: number, text: string): TextChange => ({ start: at, end: at, text });
